using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Training.Commands.Export;
using Saccade.Training.Commands.Options;
using Saccade.Training.Tests.Tuning;
using Xunit;

namespace Saccade.Training.Tests.Commands;

public sealed class CropSidesTests
{
    [Theory]
    [InlineData(8, new[] { 9, 10, 11, 12 })]
    [InlineData(28, new[] { 29, 28, 30, 31 })]
    [InlineData(299, new[] { 320, 342, 400, 299 })]
    public void Apply_FourSides_AreWhatTheCropsAreCutFrom(int input, int[] sides)
    {
        var own = CropSides.Apply(MadeUp.Manifest(macs: 1).Preprocessing, input, sides);

        Assert.Equal([sides[0]], ShorterSides(CropMode.Crops10));
        Assert.Equal([sides[0]], ShorterSides(CropMode.Crops12));
        Assert.Equal(sides, ShorterSides(CropMode.Crops144));

        int[] ShorterSides(CropMode mode) => [.. CropPlan.Create(mode, 600, 400, input, input, own).Scales.Select(scale => scale.Height)];
    }

    [Fact]
    public void Apply_OneSide_GivesThePlansOfOneAndOfThreeSquares()
    {
        var own = CropSides.Apply(MadeUp.Manifest(macs: 1).Preprocessing, 28, [30]);

        Assert.Equal(["2", "12", "36"], own.CropPlans!.Keys);
    }

    /// <summary>The two are the one crop that the model always has, and what a mirror shows of it.</summary>
    [Fact]
    public void Apply_Pair_IsTheSingleLookAndItsMirrorImage()
    {
        var preprocessing = MadeUp.Manifest(macs: 1).Preprocessing with { ResizeShorterSide = 32 };
        var own = CropSides.Apply(preprocessing, 28, [30]);

        var single = CropPlan.Create(CropMode.Single, 50, 40, 28, 28, own);
        var pair = CropPlan.Create(CropMode.Of(2), 50, 40, 28, 28, own);

        Assert.Equal(single.Scales, pair.Scales);
        Assert.Equal([single.Crops[0], single.Crops[0] with { Mirrored = true }], pair.Crops);
    }

    [Theory]
    [InlineData(28, 30, 31)]
    [InlineData(27, 27)]
    [InlineData(30, 30)]
    [InlineData(30, 26)]
    public void Apply_NoRoomOrTwice_IsRefused(params int[] sides) =>
        Assert.Throws<CommandException>(() => CropSides.Apply(MadeUp.Manifest(macs: 1).Preprocessing, 28, sides));
}
