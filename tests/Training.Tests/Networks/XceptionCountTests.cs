using Saccade.Training.Networks;
using Xunit;

namespace Saccade.Training.Tests.Networks;

/// <summary>Against Keras's and timm's networks at 299 pixels and 1000 classes.</summary>
public sealed class XceptionCountTests
{
    private static readonly Network Published = Architectures.Create("xception", new NetworkOptions());

    [Theory]
    [InlineData("block1", "128×74×74", 35_264, 613.3)]
    [InlineData("block2", "256×37×37", 136_064, 602.1)]
    [InlineData("block3", "728×19×19", 915_944, 1060.1)]
    [InlineData("block4", "728×19×19", 1_613_976, 581.1)]
    [InlineData("block11", "728×19×19", 1_613_976, 581.1)]
    [InlineData("block12", "1024×10×10", 2_039_584, 539.7)]
    [InlineData("fc", "1000×1×1", 2_049_000, 2.0)]
    public void Stage_PublishedWidth_MatchesKeras(string stage, string output, long parameters, double megaMacs)
    {
        var nodes = Published.Nodes.Where(node => node.Stage == stage).ToArray();

        Assert.Equal(output, nodes[^1].Output.ToString());
        Assert.Equal(parameters, nodes.Sum(node => node.Parameters));
        Assert.Equal(megaMacs, nodes.Sum(node => node.Macs) / 1e6, 1);
    }

    [Theory]
    [InlineData(299, 74, 37, 19, 19, 10, 8.357)]
    [InlineData(28, 28, 14, 7, 7, 4, null)]
    public void Create_Input_HasTheseGrids(int pixels, int first, int second, int third, int middle, int last, double? gigaMacs)
    {
        var network = Architectures.Create("xception", new NetworkOptions { Input = pixels });
        var grids = new[] { "block1", "block2", "block3", "block11", "block12" }.Select(block =>
            network.Nodes.Single(node => node.Name == $"{block}.add").Output.Height
        );

        Assert.Equal([first, second, third, middle, last], grids);
        if (gigaMacs is { } macs)
            Assert.Equal(macs, network.Macs / 1e9, 3);
    }

    [Fact]
    public void Block_Shortcut_StartsBeforeTheRectifier()
    {
        var add = Published.Nodes.Single(node => node.Name == "block5.add");

        Assert.Equal(["block5.rep.8", "block4.add"], add.Inputs.Select(input => input.Name));
        Assert.Equal("block1.add", Published.Nodes.Single(node => node.Name == "block2.skip").Inputs[0].Name);
    }
}
