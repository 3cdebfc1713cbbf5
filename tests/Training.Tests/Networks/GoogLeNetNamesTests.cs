using Saccade.Training.Networks;
using Xunit;

namespace Saccade.Training.Tests.Networks;

public sealed class GoogLeNetNamesTests
{
    [Fact]
    public void Weights_WithoutAux_LackOnlyTheirs()
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
}
