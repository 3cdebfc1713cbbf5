using Saccade.Inference.Bundles;
using Saccade.Inference.Classification;
using Saccade.Inference.Cropping;
using Saccade.Inference.Tests.Bundles;

namespace Saccade.Inference.Tests.Classification;

public sealed class CropSequenceTests
{
    [Fact]
    public void Add_SquareImage_ItsThreeSquaresAreComputedOnceAndCountThreeTimes()
    {
        var looks = new CropSequence();
        var plan = Plan(CropMode.Crops144, 28, 28);

        Assert.Equal(48, looks.Fresh(plan).Crops.Count);
        looks.Add(plan);

        Assert.Equal(144, looks.Count);
        Assert.Equal(48, looks.Times.Count);
        Assert.All(looks.Times, times => Assert.Equal(3, times));
    }

    [Fact]
    public void Add_LongImage_NoTwoCropsAreTheSame()
    {
        var looks = new CropSequence();
        var plan = Plan(CropMode.Crops144, 60, 28);

        Assert.Same(plan, looks.Fresh(plan));
        looks.Add(plan);

        Assert.Equal((144, 144), (looks.Count, looks.Times.Count));
    }

    [Theory]
    [InlineData(28, 28, 1 + 48)]
    [InlineData(60, 28, 1 + 144)]
    public void Add_PlanThatHoldsAnEarlierOne_ComputesAndCountsTheRestOnly(int width, int height, int computed)
    {
        var looks = new CropSequence();
        foreach (var mode in new[] { CropMode.Single, CropMode.Crops12, CropMode.Crops144 })
        {
            var plan = Plan(mode, width, height);
            var before = looks.Times.Count;
            var fresh = looks.Fresh(plan).Crops.Count;
            looks.Add(plan);
            Assert.Equal(before + fresh, looks.Times.Count);
            Assert.Equal(mode.Crops, looks.IndicesOf(plan).Count());
        }

        Assert.Equal((1 + 144, computed), (looks.Count, looks.Times.Count));
    }

    [Fact]
    public void Add_SamePlanAgain_ChangesNothing()
    {
        var looks = new CropSequence();
        looks.Add(Plan(CropMode.Crops144, 28, 28));

        Assert.Empty(looks.Fresh(Plan(CropMode.Crops144, 28, 28)).Crops);
        looks.Add(Plan(CropMode.Crops144, 28, 28));

        Assert.Equal((144, 48), (looks.Count, looks.Times.Count));
    }

    [Fact]
    public void IndicesOf_EachPlan_AreItsOwnCropsInItsOrder()
    {
        var looks = new CropSequence();
        var single = Plan(CropMode.Single, 50, 37);
        var twelve = Plan(CropMode.Crops12, 50, 37);
        looks.Add(single);
        looks.Add(twelve);

        Assert.Equal([0], looks.IndicesOf(single));
        Assert.Equal(Enumerable.Range(1, 12), looks.IndicesOf(twelve));
    }

    [Fact]
    public void Windows_CentreOfALongImage_AreInPixelsOfTheImage()
    {
        var looks = new CropSequence();
        looks.Add(Plan(CropMode.Single, 600, 300));

        // The shorter side becomes 30, so a pixel of the resized image is ten of the image.
        Assert.Equal(new CropWindow(160, 10, 280, 280, Mirrored: false, Times: 1), Assert.Single(looks.Windows(new PixelSize(600, 300))));
    }

    [Theory]
    [InlineData(28, 28)]
    [InlineData(500, 375)]
    [InlineData(37, 5000)]
    public void Windows_OfSeveralPlans_LieInTheImageAndCountAsOftenAsTheLooks(int width, int height)
    {
        var looks = new CropSequence();
        foreach (var mode in new[] { CropMode.Single, CropMode.Crops10, CropMode.Crops144 })
            looks.Add(Plan(mode, width, height));

        var windows = looks.Windows(new PixelSize(width, height));

        Assert.Equal(looks.Times, windows.Select(window => window.Times));
        Assert.Equal(looks.Count, windows.Sum(window => window.Times));
        Assert.All(
            windows,
            window =>
            {
                Assert.InRange(window.X, 0, width);
                Assert.InRange(window.Y, 0, height);
                Assert.InRange(window.X + window.Width, window.X + 1e-9, width + 1e-9);
                Assert.InRange(window.Y + window.Height, window.Y + 1e-9, height + 1e-9);
            }
        );
    }

    private static CropPlan Plan(CropMode mode, int width, int height) =>
        CropPlan.Create(mode, width, height, 28, 28, Manifests.Small.Preprocessing with { ResizeShorterSide = 30 });
}
