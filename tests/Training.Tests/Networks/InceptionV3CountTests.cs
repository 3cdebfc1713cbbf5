using Saccade.Training.Networks;
using Xunit;

namespace Saccade.Training.Tests.Networks;

/// <summary>Against torchvision 0.14.1's inception_v3 at 299 pixels and 1000 classes.</summary>
public sealed class InceptionV3CountTests
{
    private static readonly Network Published = Architectures.Create("inception-v3", new NetworkOptions());

    [Theory]
    [InlineData("Conv2d_1a_3x3", "32×149×149", 928, 19.2)]
    [InlineData("Conv2d_2a_3x3", "32×147×147", 9_280, 199.1)]
    [InlineData("Conv2d_2b_3x3", "64×147×147", 18_560, 398.3)]
    [InlineData("maxpool1", "64×73×73", 0, 0.0)]
    [InlineData("Conv2d_3b_1x1", "80×73×73", 5_280, 27.3)]
    [InlineData("Conv2d_4a_3x3", "192×71×71", 138_624, 696.9)]
    [InlineData("maxpool2", "192×35×35", 0, 0.0)]
    [InlineData("Mixed_5b", "256×35×35", 255_904, 312.3)]
    [InlineData("Mixed_5c", "288×35×35", 277_472, 338.7)]
    [InlineData("Mixed_5d", "288×35×35", 285_152, 348.1)]
    [InlineData("Mixed_6a", "768×17×17", 1_153_280, 401.9)]
    [InlineData("Mixed_6b", "768×17×17", 1_297_408, 374.1)]
    [InlineData("Mixed_6c", "768×17×17", 1_691_008, 487.7)]
    [InlineData("Mixed_6d", "768×17×17", 1_691_008, 487.7)]
    [InlineData("Mixed_6e", "768×17×17", 2_141_952, 617.9)]
    [InlineData("AuxLogits", "1000×1×1", 3_326_696, null)]
    [InlineData("Mixed_7a", "1280×8×8", 1_698_304, 291.0)]
    [InlineData("Mixed_7b", "2048×8×8", 5_044_608, 322.4)]
    [InlineData("Mixed_7c", "2048×8×8", 6_076_800, 388.5)]
    [InlineData("fc", "1000×1×1", 2_049_000, 2.0)]
    public void Stage_PublishedWidth_MatchesTorchvision(string stage, string output, long parameters, double? megaMacs)
    {
        var nodes = Published.Nodes.Where(node => node.Stage == stage).ToArray();

        Assert.Equal(output, nodes[^1].Output.ToString());
        Assert.Equal(parameters, nodes.Sum(node => node.Parameters));
        if (megaMacs is { } macs)
            Assert.Equal(macs, nodes.Sum(node => node.Macs) / 1e6, 1);
    }
}
