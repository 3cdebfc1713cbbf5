using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Xunit;

namespace Saccade.Training.Tests.Networks;

/// <summary>Counts against the published implementations (BVLC's GoogLeNet and torchvision's), at 224 pixels and 1000 classes.</summary>
public sealed class GoogLeNetCountTests
{
    private static readonly NetworkOptions Published = new();

    [Theory]
    [InlineData("googlenet", 6_998_552, 13_378_280)]
    [InlineData("googlenet-bn", 6_624_904, 13_004_888)]
    public void Parameters_PublishedWidth_MatchImplementations(string name, long main, long withAux)
    {
        var network = Architectures.Create(name, Published);

        Assert.Equal(main, network.Parameters);
        Assert.Equal(withAux, network.ParametersWithAux);
    }

    [Theory]
    [InlineData("googlenet", 1.583)]
    [InlineData("googlenet-bn", 1.498)]
    public void Macs_PublishedWidth_MatchImplementations(string name, double billions) =>
        Assert.Equal(billions, Architectures.Create(name, Published).Macs / 1e9, 3);

    [Fact]
    public void Cifar_AnyWidth_HasChannelsInSixteensAndABlockGridOfSixteen()
    {
        foreach (var width in new[] { 0.2, 0.5, 0.75 })
        {
            var network = Architectures.Create(
                "googlenet-bn",
                new NetworkOptions
                {
                    Variant = "cifar",
                    Input = 32,
                    Classes = 10,
                    Width = width,
                }
            );

            Assert.All(network.Nodes.Where(node => node.Layer is Conv), node => Assert.Equal(0, node.Output.Channels % 16));
            Assert.Equal(
                [16, 8, 4],
                new[] { "inception3a", "inception4a", "inception5a" }.Select(block =>
                    network.Nodes.Single(node => node.Name == $"{block}.concat").Output.Height
                )
            );
        }
    }

    [Theory]
    [InlineData("conv1", "64×112×112", 9_472, 118.0, 9_536)]
    [InlineData("maxpool1", "64×56×56", 0, 0.0, 0)]
    [InlineData("conv2", "64×56×56", 4_160, 12.8, 4_224)]
    [InlineData("conv3", "192×56×56", 110_784, 346.8, 110_976)]
    [InlineData("maxpool2", "192×28×28", 0, 0.0, 0)]
    [InlineData("inception3a", "256×28×28", 163_696, 128.0, 155_872)]
    [InlineData("inception3b", "480×28×28", 388_736, 304.3, 340_224)]
    [InlineData("maxpool3", "480×14×14", 0, 0.0, 0)]
    [InlineData("inception4a", "512×14×14", 376_176, 73.6, 364_512)]
    [InlineData("inception4b", "512×14×14", 449_160, 87.9, 425_232)]
    [InlineData("inception4c", "512×14×14", 510_104, 99.9, 486_192)]
    [InlineData("inception4d", "528×14×14", 605_376, 118.5, 573_312)]
    [InlineData("inception4e", "832×14×14", 868_352, 170.0, 803_840)]
    [InlineData("maxpool4", "832×7×7", 0, 0.0, 0)]
    [InlineData("inception5a", "832×7×7", 1_043_456, 51.1, 978_944)]
    [InlineData("inception5b", "1024×7×7", 1_444_080, 70.7, 1_347_040)]
    [InlineData("avgpool", "1024×1×1", 0, 0.0, 0)]
    [InlineData("fc", "1000×1×1", 1_025_000, 1.0, 1_025_000)]
    [InlineData("aux1", "1000×1×1", 3_188_840, null, 3_188_968)]
    [InlineData("aux2", "1000×1×1", 3_190_888, null, 3_191_016)]
    public void Stage_PublishedWidth_MatchesTable(string stage, string output, long paper, double? paperMegaMacs, long normalised)
    {
        var inPaper = Stage("googlenet", stage);
        var inNormalised = Stage("googlenet-bn", stage);

        Assert.Equal(output, inPaper[^1].Output.ToString());
        Assert.Equal(output, inNormalised[^1].Output.ToString());
        Assert.Equal(paper, inPaper.Sum(node => node.Parameters));
        Assert.Equal(normalised, inNormalised.Sum(node => node.Parameters));
        if (paperMegaMacs is { } macs)
            Assert.Equal(macs, inPaper.Sum(node => node.Macs) / 1e6, 1);
    }

    [Fact]
    public void RunningStatistics_Normalised_MatchTorchvision()
    {
        var network = Architectures.Create("googlenet-bn", Published);

        Assert.Equal(14_560, Statistics(network.Main));
        Assert.Equal(15_072, Statistics(network.Nodes));

        static long Statistics(IEnumerable<Node> nodes) =>
            nodes
                .SelectMany(node => node.Weights)
                .Where(weight => weight.Role is WeightRole.RunningMean or WeightRole.RunningVariance)
                .Sum(weight => weight.Count);
    }

    private static Node[] Stage(string architecture, string stage) =>
        [.. Architectures.Create(architecture, Published).Nodes.Where(node => node.Stage == stage)];
}
