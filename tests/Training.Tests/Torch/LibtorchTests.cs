using System.Reflection;
using TorchSharp;
using Xunit;

namespace Saccade.Training.Tests.Torch;

public sealed class LibtorchTests
{
    /// <summary>A package that restores may still not load: its native library may ask for more than the system has.</summary>
    [Fact]
    public void NativeLibrary_OnThisMachine_Loads()
    {
        using var two = torch.tensor(2f);

        Assert.Equal(4f, two.mul(two).item<float>());
    }

    [Fact]
    public void Version_OfThisBuild_IsThePackagesVersion() => Assert.Matches(@"^2\.\d+\.\d+", Libtorch.Version);

    [Fact]
    public void LoadFailure_LibraryMissingDeepInside_IsOneLineThatSaysWhatToDo()
    {
        var failure = Libtorch.LoadFailure(
            new TargetInvocationException(
                new TypeInitializationException("torch", new DllNotFoundException("LibTorchSharp: GLIBCXX_3.4.99 not found"))
            )
        );

        Assert.NotNull(failure);
        Assert.DoesNotContain('\n', failure);
        Assert.Contains("training needs Linux on x86-64", failure, StringComparison.Ordinal);
        Assert.Contains("GLIBCXX_3.4.99", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadFailure_AnythingElse_IsNotItsBusiness() => Assert.Null(Libtorch.LoadFailure(new InvalidOperationException("other")));
}
