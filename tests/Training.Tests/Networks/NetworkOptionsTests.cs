using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;
using Xunit;

namespace Saccade.Training.Tests.Networks;

public sealed class NetworkOptionsTests
{
    [Theory]
    [InlineData(1.0, 64, 64)]
    [InlineData(1.0, 208, 208)]
    [InlineData(0.25, 16, 8)]
    [InlineData(0.25, 64, 16)]
    [InlineData(0.25, 208, 56)]
    [InlineData(0.25, 112, 32)]
    [InlineData(0.5, 24, 16)]
    [InlineData(0.01, 1024, 8)]
    [InlineData(2.0, 48, 96)]
    public void Channels_Width_RoundsToEightsAndNeverBelow(double width, int published, int expected) =>
        Assert.Equal(expected, new NetworkOptions { Width = width }.Channels(published));

    [Fact]
    public void Create_EverythingWrong_NamesEverything()
    {
        var options = new NetworkOptions
        {
            Classes = 1,
            Width = 0,
            Input = 8,
            Dropout = 1,
        };

        var error = Assert.Throws<NetworkException>(() => Architectures.Create("googlenet", options));

        Assert.Equal(
            "googlenet: classes 1 is less than 2; width 0 is not above 0 and at most 4; input 8 is less than 16 pixels; "
                + "dropout is not at least 0 and less than 1",
            error.Message
        );
    }

    [Fact]
    public void Create_UnknownName_NamesTheKnown()
    {
        var error = Assert.Throws<NetworkException>(() => Architectures.Create("googlenet-v9", new NetworkOptions()));

        Assert.Equal(
            "unknown architecture 'googlenet-v9'; known are googlenet, googlenet-bn, bn-inception, inception-v2, inception-v3, xception",
            error.Message
        );
    }

    [Fact]
    public void Dropout_Chosen_ReplacesThePublished()
    {
        var options = new NetworkOptions
        {
            Dropout = 0.25,
            Traits = [Traits.AuxDropout.Is(0.5)],
            Input = 32,
            Width = 0.25,
            Classes = 10,
        };
        var shares = Architectures
            .Create("googlenet-bn", options)
            .Nodes.Where(node => node.Layer.Kind == "Dropout")
            .ToDictionary(node => node.Name, node => node.Layer.Detail);

        Assert.Equal("0.25", shares["dropout"]);
        Assert.Equal("0.5", shares["aux1.dropout"]);
        Assert.Equal("0.5", shares["aux2.dropout"]);
    }

    [Fact]
    public void Width_Quarter_ScalesEveryChannelCount()
    {
        var network = Architectures.Create(
            "googlenet-bn",
            new NetworkOptions
            {
                Width = 0.25,
                Classes = 10,
                Input = 28,
            }
        );

        Assert.All(network.Main.Where(node => node.Layer.Kind == "Conv"), node => Assert.Equal(0, node.Output.Channels % 8));
        Assert.Equal(10, network.Classes);
        Assert.InRange(network.Parameters, 300_000, 500_000);
    }
}
