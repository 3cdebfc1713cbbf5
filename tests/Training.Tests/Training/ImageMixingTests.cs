using Saccade.Training.Loop;
using Saccade.Training.Recipes;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Training;

public sealed class ImageMixingTests
{
    private const int Images = 8;
    private const int Side = 16;

    [Fact]
    public void Mix_NothingAskedFor_IsWhatWasGiven()
    {
        using var scope = NewDisposeScope();
        var (pixels, labels) = Numbered();
        var random = SplitMix64.At(1);

        var mixed = ImageMixing.Mix(pixels, labels, new Recipe { Name = "test" }, ref random);

        Assert.Same(pixels, mixed.Pixels);
        Assert.Null(mixed.Labels.Second);
    }

    /// <summary>Image k is all k, so what was mixed into it can be read off.</summary>
    [Fact]
    public void Mix_MixUp_IsTheShareOfBothImagesAndNamesBothLabels()
    {
        using var scope = NewDisposeScope();
        var random = SplitMix64.At(2);
        for (var time = 0; time < 20; time++)
        {
            var (pixels, labels) = Numbered();
            var (mixed, names) = ImageMixing.Mix(pixels, labels, new Recipe { Name = "test", MixUp = 0.4 }, ref random);

            var values = mixed.mean([1, 2, 3]).data<float>().ToArray();
            var second = names.Second!.data<long>().ToArray();
            Assert.Equal(Enumerable.Range(0, Images), second.Select(label => (int)label).Order());
            Assert.All(
                values.Index(),
                one => Assert.Equal(one.Index + (names.SecondShare * (second[one.Index] - one.Index)), one.Item, 1e-4f)
            );
        }
    }

    [Fact]
    public void Mix_CutMix_ShareIsTheAreaOfTheBox()
    {
        using var scope = NewDisposeScope();
        var random = SplitMix64.At(3);
        var boxes = 0;
        for (var time = 0; time < 20; time++)
        {
            var (pixels, labels) = Numbered();
            var (mixed, names) = ImageMixing.Mix(pixels, labels, new Recipe { Name = "test", CutMix = 1 }, ref random);

            var second = names.Second!.data<long>().ToArray();
            for (var image = 0; image < Images; image++)
            {
                var values = mixed[image].contiguous().data<float>().ToArray();
                Assert.All(values, value => Assert.True(value == image || value == second[image]));
                if (second[image] != image)
                    Assert.Equal(names.SecondShare, values.Count(value => value == second[image]) / (float)values.Length, 1e-6f);
            }

            boxes += names.SecondShare > 0 ? 1 : 0;
            Assert.Equal(0, pixels[0].sum().item<float>()); // what was given stays
        }

        Assert.InRange(boxes, 10, 20);
    }

    [Fact]
    public void Mix_Both_DoesTheOneOrTheOther()
    {
        using var scope = NewDisposeScope();
        var random = SplitMix64.At(4);
        var whole = 0;
        for (var time = 0; time < 40; time++)
        {
            var (pixels, labels) = Numbered();
            var mixed = ImageMixing
                .Mix(
                    pixels,
                    labels,
                    new Recipe
                    {
                        Name = "test",
                        CutMix = 1,
                        MixUp = 1,
                    },
                    ref random
                )
                .Pixels;
            whole += mixed.data<float>().ToArray().All(float.IsInteger) ? 1 : 0;
        }

        Assert.InRange(whole, 10, 30);
    }

    /// <summary>Beta(α, α) has mean 1/2 and variance 1/(4·(2α + 1)).</summary>
    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    public void DrawShare_ManyTimes_HasTheDistributionsMoments(double alpha)
    {
        var random = SplitMix64.At(5);
        var draws = Enumerable.Range(0, 20_000).Select(_ => ImageMixing.DrawShare(alpha, ref random)).ToArray();

        Assert.Equal(0.5, draws.Average(), 0.02);
        Assert.Equal(1 / (4 * ((2 * alpha) + 1)), draws.Average(draw => (draw - 0.5) * (draw - 0.5)), 0.01);
    }

    private static (Tensor Pixels, Tensor Labels) Numbered()
    {
        var labels = arange(Images, ScalarType.Int64);
        return (labels.to(ScalarType.Float32).reshape(Images, 1, 1, 1).expand(Images, 3, Side, Side).clone(), labels);
    }
}
