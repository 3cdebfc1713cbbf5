using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;
using Xunit;

namespace Saccade.Training.Tests.Networks;

/// <summary>
/// Every network whose size is published or was counted from a published implementation, at its published input: trainable values without
/// and with auxiliary classifiers, values of running statistics without and with, and multiply-adds.
/// </summary>
public sealed class HeadlineCountTests
{
    [Theory]
    [InlineData("googlenet", "caffe", 1000, 6_998_552, 13_378_280, 0, 0, 1.583)]
    [InlineData("googlenet", "paper", 1000, 6_991_856, 13_371_584, 0, 0, 1.499)]
    [InlineData("googlenet-bn", "torchvision", 1000, 6_624_904, 13_004_888, 14_560, 15_072, 1.498)]
    [InlineData("googlenet-bn", "tf-slim", 1000, 6_617_624, 6_617_624, 14_560, 14_560, 1.498)]
    [InlineData("googlenet-bn", "tf-slim", 1001, 6_618_649, 6_618_649, 14_560, 14_560, 1.498)]
    [InlineData("bn-inception", "cadene", 1000, 11_295_240, 11_295_240, 20_032, 20_032, 2.033)]
    [InlineData("bn-inception", "tf-slim", 1000, 11_178_336, 11_178_336, 19_904, 19_904, 1.935)]
    [InlineData("bn-inception", "tf-slim", 1001, 11_179_361, 11_179_361, 19_904, 19_904, 1.935)]
    [InlineData("bn-inception", "caffe", 1000, 11_194_984, 16_075_832, 19_904, 24_512, 2.019)]
    [InlineData("inception-v2", "paper", 1000, 24_410_696, 27_736_624, 35_072, 35_328, 6.045)]
    [InlineData("inception-v3", "torchvision", 1000, 23_834_568, 27_161_264, 34_432, 36_224, 5.713)]
    [InlineData("inception-v3", "timm", 1000, 23_834_568, 27_161_264, 34_432, 36_224, 5.713)]
    [InlineData("inception-v3", "keras", 1000, 23_817_352, 23_817_352, 34_432, 34_432, 5.713)]
    [InlineData("inception-v3", "tf-slim", 1001, 23_819_401, 27_145_970, 34_432, 36_224, 5.713)]
    [InlineData("inception-v3", "fid", 1008, 23_850_960, 23_850_960, 34_432, 34_432, 5.713)]
    [InlineData("xception", "paper", 1000, 22_855_952, 22_855_952, 54_528, 54_528, 8.357)]
    [InlineData("xception", "keras", 1000, 22_855_952, 22_855_952, 54_528, 54_528, 8.357)]
    [InlineData("xception", "timm", 1000, 22_855_952, 22_855_952, 54_528, 54_528, 8.357)]
    public void Variant_PublishedInput_HasThePublishedCounts(
        string name,
        string variant,
        int classes,
        long main,
        long withAux,
        long statistics,
        long statisticsWithAux,
        double gigaMacs
    )
    {
        var network = Architectures.Create(name, new NetworkOptions { Variant = variant, Classes = classes });

        Assert.Equal(main, network.Parameters);
        Assert.Equal(withAux, network.ParametersWithAux);
        Assert.Equal(statistics, Statistics(network.Main));
        Assert.Equal(statisticsWithAux, Statistics(network.Nodes));
        Assert.Equal(gigaMacs, network.Macs / 1e9, 3);
    }

    [Fact]
    public void MiddleBlocks_Five_HasTheCountsOfTheOtherReading()
    {
        var network = Architectures.Create("inception-v2", new NetworkOptions { Traits = [Traits.MiddleBlocks.Is(5)] });

        Assert.Equal(26_101_704, network.Parameters);
        Assert.Equal(38_528, Statistics(network.Main));
        Assert.Equal(6.533, network.Macs / 1e9, 3);
    }

    [Theory]
    [InlineData(1000, 50_077_968)]
    [InlineData(17_000, 115_629_968)]
    public void HiddenLayers_Xception_HaveTheCountsOfTheirShapes(int classes, long expected) =>
        Assert.Equal(
            expected,
            Architectures.Create("xception", new NetworkOptions { Classes = classes, Traits = [Traits.HiddenLayers.Is(2)] }).Parameters
        );

    [Theory]
    [InlineData(299, 5.713)]
    [InlineData(151, 5.713)]
    [InlineData(79, 5.362)]
    public void Stem_InceptionV3AtThePapersResolutions_CostsAlmostTheSame(int pixels, double gigaMacs) =>
        Assert.Equal(gigaMacs, Architectures.Create("inception-v3", new NetworkOptions { Input = pixels }).Macs / 1e9, 3);

    [Fact]
    public void Keras_WithoutTop_HasThePublishedTotals()
    {
        Assert.Equal(21_802_784, WithoutTop("inception-v3"));
        Assert.Equal(20_861_480, WithoutTop("xception"));

        static long WithoutTop(string name)
        {
            var body = Architectures
                .Create(name, new NetworkOptions { Variant = "keras" })
                .Main.Where(node => node.Stage != "fc")
                .ToArray();
            return body.Sum(node => node.Parameters) + Statistics(body);
        }
    }

    private static long Statistics(IEnumerable<Node> nodes) =>
        nodes
            .SelectMany(node => node.Weights)
            .Where(weight => weight.Role is WeightRole.RunningMean or WeightRole.RunningVariance)
            .Sum(weight => weight.Count);
}
