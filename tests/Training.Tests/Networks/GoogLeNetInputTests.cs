using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Xunit;

namespace Saccade.Training.Tests.Networks;

public sealed class GoogLeNetInputTests
{
    [Theory]
    [InlineData(224, 112, 28, 14, 7, 7)]
    [InlineData(112, 56, 14, 7, 3, 4)]
    [InlineData(111, 111, 27, 13, 6, 7)]
    [InlineData(56, 56, 14, 7, 3, 4)]
    [InlineData(55, 55, 27, 13, 6, 7)]
    [InlineData(32, 32, 16, 8, 4, 4)]
    [InlineData(28, 28, 14, 7, 3, 4)]
    [InlineData(16, 16, 8, 4, 2, 2)]
    public void Stem_LowResolution_KeepsTheGridOfLaterStages(int pixels, int conv1, int at3, int at4, int at5Paper, int at5Normalised)
    {
        var paper = Architectures.Create("googlenet", new NetworkOptions { Input = pixels });
        var normalised = Architectures.Create("googlenet-bn", new NetworkOptions { Input = pixels });

        foreach (var network in new[] { paper, normalised })
        {
            Assert.Equal($"64×{conv1}×{conv1}", Output(network, "conv1.relu"));
            Assert.Equal($"192×{at3}×{at3}", Output(network, "maxpool2"));
            Assert.Equal($"480×{at4}×{at4}", Output(network, "maxpool3"));
        }

        Assert.Equal($"832×{at5Paper}×{at5Paper}", Output(paper, "maxpool4"));
        Assert.Equal($"832×{at5Normalised}×{at5Normalised}", Output(normalised, "maxpool4"));
    }

    [Fact]
    public void Aux_AnyInput_HaveTheSameLayersAfterTheirPool()
    {
        foreach (var pixels in Enumerable.Range(16, 300))
        {
            foreach (var name in new[] { "googlenet", "googlenet-bn" })
            {
                var network = Architectures.Create(name, new NetworkOptions { Input = pixels });

                Assert.Equal("512×4×4", Output(network, "aux1.pool"));
                Assert.Equal("528×4×4", Output(network, "aux2.pool"));
            }
        }
    }

    [Theory]
    [InlineData("googlenet", 224, "AvgPool")]
    [InlineData("googlenet", 28, "AdaptiveAvgPool")]
    [InlineData("googlenet-bn", 224, "AdaptiveAvgPool")]
    public void Aux_Pool_IsThePublishedOneWhereItFits(string name, int pixels, string kind) =>
        Assert.Equal(kind, Node(Architectures.Create(name, new NetworkOptions { Input = pixels }), "aux1.pool").Layer.Kind);

    [Theory]
    [InlineData(15, "googlenet-bn: input 15 is less than 16 pixels")]
    [InlineData(4097, "googlenet-bn: input 4097 is more than 4096 pixels")]
    public void Create_InputOutOfRange_NamesTheLimit(int pixels, string message)
    {
        var error = Assert.Throws<NetworkException>(() => Architectures.Create("googlenet-bn", new NetworkOptions { Input = pixels }));

        Assert.Equal(message, error.Message);
    }

    private static string Output(Network network, string node) => Node(network, node).Output.ToString();

    private static Node Node(Network network, string name) => network.Nodes.Single(node => node.Name == name);
}
