using Saccade.Training.Networks;
using Xunit;

namespace Saccade.Training.Tests.Networks;

public sealed class GoogLeNetNamesTests
{
    /// <summary>The fixture lists the state dictionary of torchvision 0.14.1's googlenet with side heads: a name and a shape a line.</summary>
    [Fact]
    public void Weights_Normalised_HaveTorchvisionNamesAndShapes()
    {
        var expected = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Networks", "torchvision-googlenet-state.txt"));
        var actual = Architectures.Create("googlenet-bn", new NetworkOptions()).Weights.Select(Line);

        Assert.Equal(364, expected.Length);
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Weights_WithoutSideHeads_LackOnlyTheirs()
    {
        var all = Architectures.Create("googlenet-bn", new NetworkOptions()).Weights.Select(weight => weight.Name);
        var main = Architectures.Create("googlenet-bn", new NetworkOptions { Aux = false }).Weights.Select(weight => weight.Name);

        Assert.Equal(all.Where(name => !name.StartsWith("aux", StringComparison.Ordinal)), main);
        Assert.Equal(344, main.Count());
    }

    [Fact]
    public void Weights_Paper_ThirdBranchIsFiveWide()
    {
        var weights = Architectures.Create("googlenet", new NetworkOptions()).Weights.ToDictionary(weight => weight.Name);

        Assert.Equal([32, 16, 5, 5], weights["inception3a.branch3.1.conv.weight"].Shape);
        Assert.Equal([32], weights["inception3a.branch3.1.conv.bias"].Shape);
        Assert.DoesNotContain(weights.Keys, name => name.Contains(".bn.", StringComparison.Ordinal));
    }

    private static string Line(WeightSpec weight) =>
        $"{weight.Name} {(weight.Shape.Count == 0 ? "scalar" : string.Join('x', weight.Shape))}";
}
