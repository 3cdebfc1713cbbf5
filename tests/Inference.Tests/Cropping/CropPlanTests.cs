using FsCheck;
using FsCheck.Fluent;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;

namespace Saccade.Inference.Tests.Cropping;

public sealed class CropPlanTests
{
    /// <summary>Any image of 1 to 5000 pixels a side, any input, and room from none to plenty.</summary>
    private static readonly Arbitrary<(int Width, int Height, int Input, int InputHeight, int Room)> Anything = (
        from width in Gen.OneOf(Gen.Choose(1, 5000), Gen.Choose(1, 8))
        from height in Gen.OneOf(Gen.Choose(1, 5000), Gen.Choose(1, 8))
        from input in Gen.Choose(1, 400)
        from inputHeight in Gen.Choose(1, 400)
        from room in Gen.Choose(0, 120)
        select (width, height, input, inputHeight, room)
    ).ToArbitrary();

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Create_AnyImage_EveryCropLiesInsideTheResizedImage(int crops) =>
        ForAll(
            CropMode.Of(crops),
            plan =>
                plan.Crops.All(crop =>
                    crop.X >= 0
                    && crop.Y >= 0
                    && crop.X + plan.CropSize.Width <= plan.Scales[crop.Scale].Width
                    && crop.Y + plan.CropSize.Height <= plan.Scales[crop.Scale].Height
                )
        );

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Create_AnyImage_CentreLeavesEqualMarginsToAPixel(int crops) =>
        ForAll(
            CropMode.Of(crops),
            plan =>
            {
                Crop centre = plan.Crops[crops == 1 ? 0 : 4];
                PixelSize scale = plan.Scales[centre.Scale];
                return Math.Abs(scale.Width - plan.CropSize.Width - (2 * centre.X)) <= 1
                    && Math.Abs(scale.Height - plan.CropSize.Height - (2 * centre.Y)) <= 1;
            }
        );

    [Fact]
    public void Create_TenOfAnyImage_SecondFiveAreTheFirstOfTheMirrorImage() =>
        ForAll(
            CropMode.Crops10,
            plan =>
                plan.Crops.Count == 10
                && Enumerable
                    .Range(0, 5)
                    .All(i =>
                    {
                        Crop plain = plan.Crops[i];
                        Crop mirrored = plan.Crops[i + 5];
                        int opposite = plan.Scales[plain.Scale].Width - plan.CropSize.Width - plain.X;
                        return !plain.Mirrored && mirrored == plain with { X = opposite, Mirrored = true };
                    })
        );

    [Fact]
    public void Create_TenOfAnyImage_FirstFourTouchTheCorners() =>
        ForAll(
            CropMode.Crops10,
            plan =>
            {
                int right = plan.Scales[0].Width - plan.CropSize.Width;
                int bottom = plan.Scales[0].Height - plan.CropSize.Height;
                return plan
                    .Crops.Take(4)
                    .Select(crop => (crop.X, crop.Y))
                    .SequenceEqual([(0, 0), (right, 0), (0, bottom), (right, bottom)]);
            }
        );

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Create_AnyImage_ShorterSideIsExactAndAspectIsKeptToAPixel(int crops) =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                Anything,
                any =>
                {
                    int side = Math.Max(any.Input, any.InputHeight) + any.Room;
                    PixelSize scale = CropPlan
                        .Create(CropMode.Of(crops), any.Width, any.Height, any.Input, any.InputHeight, Preprocessing(side))
                        .Scales[0];
                    double exact = (double)side * Math.Max(any.Width, any.Height) / Math.Min(any.Width, any.Height);
                    int longer = any.Width <= any.Height ? scale.Height : scale.Width;
                    return Math.Min(scale.Width, scale.Height) == side && longer <= exact && exact - longer < 1;
                }
            )
        );

    [Theory]
    [InlineData(500, 375, 256, 224, 341, 256, 58, 16)]
    [InlineData(375, 500, 256, 224, 256, 341, 16, 58)]
    [InlineData(28, 28, 33, 32, 33, 33, 0, 0)]
    [InlineData(28, 28, 35, 32, 35, 35, 2, 2)]
    [InlineData(640, 480, 342, 299, 456, 342, 78, 22)]
    public void Create_Single_IsTorchvisionsCentreCrop(
        int width,
        int height,
        int resize,
        int input,
        int scaledWidth,
        int scaledHeight,
        int x,
        int y
    )
    {
        CropPlan plan = CropPlan.Create(CropMode.Single, width, height, input, input, Preprocessing(resize));
        Assert.Equal(new PixelSize(scaledWidth, scaledHeight), Assert.Single(plan.Scales));
        Assert.Equal(new Crop(0, x, y, input, input, Mirrored: false), Assert.Single(plan.Crops));
    }

    [Fact]
    public void Create_NoRoomForTheInput_Throws() =>
        Assert.Throws<ArgumentException>(() => CropPlan.Create(CropMode.Single, 100, 100, 224, 224, Preprocessing(223)));

    [Theory]
    [InlineData(0, 5, 4, 4)]
    [InlineData(5, 0, 4, 4)]
    [InlineData(5, 5, 0, 4)]
    [InlineData(5, 5, 4, 0)]
    public void Create_EmptyImageOrInput_Throws(int width, int height, int inputWidth, int inputHeight) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            CropPlan.Create(CropMode.Single, width, height, inputWidth, inputHeight, Preprocessing(8))
        );

    private static void ForAll(CropMode mode, Func<CropPlan, bool> holds) =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                Anything,
                any =>
                    holds(
                        CropPlan.Create(
                            mode,
                            any.Width,
                            any.Height,
                            any.Input,
                            any.InputHeight,
                            Preprocessing(Math.Max(any.Input, any.InputHeight) + any.Room)
                        )
                    )
            )
        );

    private static ManifestPreprocessing Preprocessing(int shorterSide) =>
        new(shorterSide, shorterSide, Interpolation.Bilinear, ChannelOrder.Rgb, 1, [0, 0, 0], [1, 1, 1]);
}
