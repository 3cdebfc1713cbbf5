using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Training.Commands.Export;
using Saccade.Training.Commands.Options;
using Saccade.Training.Tests.Tuning;
using Xunit;

namespace Saccade.Training.Tests.Commands;

public sealed class OwnCropPlansTests
{
    [Theory]
    [InlineData(8, new[] { 9, 10, 11, 12 })]
    [InlineData(28, new[] { 29, 28, 30, 31 })]
    [InlineData(299, new[] { 320, 342, 400, 299 })]
    public void WithSides_FourSides_AreWhatTheCropsAreCutFrom(int input, int[] sides)
    {
        var own = OwnCropPlans.WithSides(MadeUp.Manifest(macs: 1).Preprocessing, input, sides);

        Assert.Equal([sides[0]], ShorterSides(CropMode.Crops10));
        Assert.Equal([sides[0]], ShorterSides(CropMode.Crops12));
        Assert.Equal(sides, ShorterSides(CropMode.Crops144));

        int[] ShorterSides(CropMode mode) => [.. CropPlan.Create(mode, 600, 400, input, input, own).Scales.Select(scale => scale.Height)];
    }

    [Fact]
    public void WithSides_OneSide_GivesThePlansOfOneAndOfThreeSquares()
    {
        var own = OwnCropPlans.WithSides(MadeUp.Manifest(macs: 1).Preprocessing, 28, [30]);

        Assert.Equal(["2", "12", "36"], own.CropPlans!.Keys);
    }

    /// <summary>The two are the one crop that the model always has, and what a mirror shows of it.</summary>
    [Fact]
    public void WithSides_Pair_IsTheSingleLookAndItsMirrorImage()
    {
        var preprocessing = MadeUp.Manifest(macs: 1).Preprocessing with { ResizeShorterSide = 32 };
        var own = OwnCropPlans.WithSides(preprocessing, 28, [30]);

        var single = CropPlan.Create(CropMode.Single, 50, 40, 28, 28, own);
        var pair = CropPlan.Create(CropMode.Of(2), 50, 40, 28, 28, own);

        Assert.Equal(single.Scales, pair.Scales);
        Assert.Equal([single.Crops[0], single.Crops[0] with { Mirrored = true }], pair.Crops);
    }

    [Theory]
    [InlineData(8, 2)]
    [InlineData(28, 1)]
    [InlineData(32, 1)]
    [InlineData(32, 2)]
    [InlineData(299, 69)]
    public void WithShift_Pixels_AreThoseOfTheCrops(int input, int shift)
    {
        var preprocessing = MadeUp.Manifest(macs: 1).Preprocessing with { ResizeShorterSide = input };
        var own = OwnCropPlans.WithShift(OwnCropPlans.WithSides(preprocessing, input, [input + 2]), input, shift);

        Assert.Equal(
            ["2", "6", "10", "12", "36"],
            own.CropPlans!.Keys.Order(Comparer<string>.Create((a, b) => int.Parse(a) - int.Parse(b)))
        );
        var crops = CropPlan.Create(CropMode.Of(6), input, input, input, input, own).Crops;
        Assert.Equal([-shift, shift, 0, -shift, shift, 0], crops.Select(crop => crop.X));
        Assert.Equal([-shift, shift, 0, -shift, shift, 0], crops.Select(crop => crop.Y));
        Assert.Equal([false, false, false, true, true, true], crops.Select(crop => crop.Mirrored));
        var ten = CropPlan.Create(CropMode.Crops10, input, input, input, input, own).Crops;
        Assert.Equal(
            [(-shift, -shift), (shift, -shift), (-shift, shift), (shift, shift), (0, 0)],
            ten.Take(5).Select(crop => (crop.X, crop.Y))
        );
    }

    [Theory]
    [InlineData(32, 0)]
    [InlineData(32, 9)]
    [InlineData(32, -1)]
    [InlineData(299, 70)]
    public void WithShift_NoneOrTooFar_IsRefused(int input, int shift) =>
        Assert.Throws<CommandException>(() => OwnCropPlans.WithShift(MadeUp.Manifest(macs: 1).Preprocessing, input, shift));

    [Theory]
    [InlineData(28, 30, 31)]
    [InlineData(27, 27)]
    [InlineData(30, 30)]
    [InlineData(30, 26)]
    public void WithSides_NoRoomOrTwice_IsRefused(params int[] sides) =>
        Assert.Throws<CommandException>(() => OwnCropPlans.WithSides(MadeUp.Manifest(macs: 1).Preprocessing, 28, sides));
}
