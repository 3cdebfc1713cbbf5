using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Xunit;

namespace Saccade.Training.Tests.Networks;

public sealed class StemTests
{
    public static TheoryData<string, string> Variants => PresetVariants.All;

    /// <summary>The grids of the first, middle and last blocks of Inception-v3.</summary>
    [Theory]
    [InlineData(299, null, 35, 17, 8)]
    [InlineData(224, null, 25, 12, 5)]
    [InlineData(200, null, 22, 10, 4)]
    [InlineData(199, null, 47, 23, 11)]
    [InlineData(151, null, 35, 17, 8)]
    [InlineData(100, null, 22, 10, 4)]
    [InlineData(99, null, 46, 22, 10)]
    [InlineData(79, null, 36, 17, 8)]
    [InlineData(40, null, 16, 7, 3)]
    [InlineData(39, null, 20, 10, 5)]
    [InlineData(32, null, 16, 8, 4)]
    [InlineData(28, null, 14, 7, 4)]
    [InlineData(16, null, 8, 4, 2)]
    [InlineData(75, Stem.Full, 7, 3, 1)]
    public void InceptionV3_Input_HasTheseGrids(int pixels, Stem? stem, int first, int middle, int last)
    {
        var network = Architectures.Create("inception-v3", new NetworkOptions { Input = pixels, Stem = stem });
        var grids = new[] { "Mixed_5b", "Mixed_6b", "Mixed_7b" }.Select(block =>
            network.Nodes.Single(node => node.Name == $"{block}.concat").Output.Height
        );

        Assert.Equal([first, middle, last], grids);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Create_AnyInput_KeepsAGridAtTheEnd(string name, string variant)
    {
        for (var pixels = 16; pixels <= 330; pixels++)
        {
            var network = Architectures.Create(
                name,
                new NetworkOptions
                {
                    Variant = variant,
                    Width = 0.1,
                    Classes = 2,
                    Input = pixels,
                }
            );

            Assert.True(
                network.Nodes.Single(node => node.Name == "avgpool").Inputs[0].Output.Height >= (pixels < 28 ? 2 : 3),
                $"{pixels} pixels"
            );
        }
    }

    [Fact]
    public void Create_StemTooStrongForTheInput_NamesTheLayer()
    {
        var error = Assert.Throws<NetworkException>(() =>
            Architectures.Create("inception-v3", new NetworkOptions { Input = 40, Stem = Stem.Full })
        );

        Assert.StartsWith("inception-v3: layer Mixed_", error.Message, StringComparison.Ordinal);
    }
}
