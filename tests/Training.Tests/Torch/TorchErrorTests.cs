using System.Runtime.InteropServices;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Torch;

/// <summary>How libtorch's complaints and misuse arrive.</summary>
public sealed class TorchErrorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Operator_ShapesThatDoNotMatch_CarriesLibtorchsMessage()
    {
        var error = Assert.ThrowsAny<ExternalException>(() => zeros([2, 3]).add(zeros([7])));

        Assert.StartsWith("The size of tensor a (3) must match the size of tensor b (7)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_Twice_IsRefused()
    {
        var loss = zeros([3]).requires_grad_().pow(2).sum();
        loss.backward();

        Assert.ThrowsAny<ExternalException>(loss.backward);
    }

    [Fact]
    public void Operator_AfterAnError_Works()
    {
        Assert.ThrowsAny<ExternalException>(() => zeros([2]).view(3));

        Assert.Equal([1f, 1f], zeros([2]).add(1).data<float>().ToArray());
    }

    [Fact]
    public void Handle_DisposedTensor_Throws()
    {
        var tensor = zeros([2]);
        tensor.Dispose();

        Assert.Throws<InvalidOperationException>(() => tensor.add(1));
    }

    [Fact]
    public void Data_OtherElementType_Throws() => Assert.Throws<ArgumentException>(() => zeros([2]).data<long>());

    [Fact]
    public void Item_SeveralElements_Throws() => Assert.Throws<ArgumentException>(() => zeros([2]).item<float>());

    [Fact]
    public void InPlace_LeafThatLearns_IsRefusedOutsideNoGrad()
    {
        var leaf = zeros([2]).requires_grad_();

        Assert.ThrowsAny<ExternalException>(() => leaf.add_(1));
        using (no_grad())
            leaf.add_(1);
        Assert.Equal([1f, 1f], leaf.detach().data<float>().ToArray());
    }
}
