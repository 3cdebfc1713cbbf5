using Saccade.Training.Networks;
using Xunit;

namespace Saccade.Training.Tests.Networks;

/// <summary>Fixtures list the state dictionaries of published implementations at 1000 classes: a name and a shape a line.</summary>
public sealed class StateDictionaryTests
{
    [Theory]
    [InlineData("googlenet-bn", "torchvision", "torchvision-googlenet-state.txt", 364)]
    [InlineData("inception-v3", "torchvision", "torchvision-inception-v3-state.txt", 580)]
    [InlineData("bn-inception", "cadene", "cadene-bn-inception-state.txt", 485)]
    [InlineData("xception", "timm", "cadene-xception-state.txt", 276)]
    public void Weights_Variant_HaveItsNamesAndShapes(string name, string variant, string fixture, int count)
    {
        // Cadene's BN-Inception calls its classifier last_linear, its Xception fc until the weights are loaded.
        var expected = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Networks", fixture));
        var actual = Architectures
            .Create(name, new NetworkOptions { Variant = variant })
            .Weights.Select(weight => $"{weight.Name} {(weight.Shape.Count == 0 ? "scalar" : string.Join('x', weight.Shape))}");

        Assert.Equal(count, expected.Length);
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }
}
