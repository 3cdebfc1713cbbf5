using FsCheck;
using FsCheck.Fluent;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;

namespace Saccade.Inference.Tests.Cropping;

/// <summary>The geometry of plans of squares, for any image, input and plan.</summary>
public sealed class SquareViewsTests
{
    private static readonly Arbitrary<Case> Anything = (
        from width in Gen.OneOf(Gen.Choose(1, 5000), Gen.Choose(1, 8))
        from height in Gen.OneOf(Gen.Choose(1, 5000), Gen.Choose(1, 8))
        from inputWidth in Gen.Choose(1, 330)
        from inputHeight in Gen.Choose(1, 330)
        from scales in Gen.Choose(CropPlanSpec.PaperInput, 600).ListOf()
        from squares in Gen.Elements(1, 3)
        from views in Gen.Elements(1, 3, 5, 6)
        from padding in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, CropPlanSpec.PaperInput / 4))
        from mirror in Gen.Elements(true, false)
        select new Case(
            width,
            height,
            inputWidth,
            inputHeight,
            new()
            {
                Scales = [.. scales.Append(256).Distinct().Take(5)],
                Squares = squares,
                Views = views,
                Padding = padding,
                Mirror = mirror,
            }
        )
    ).ToArbitrary();

    [Fact]
    public void Create_AnyPlan_HasTheCropsOfItsNumberAndAllLieInsideTheirSizeAndPadding() =>
        ForAll(
            (any, plan) =>
                plan.Crops.Count == any.Spec.Count
                && plan.Scales.Count == any.Spec.Scales.Count
                && plan.Crops.All(crop =>
                    crop.X >= -any.Padding
                    && crop.Y >= -any.Padding
                    && crop.X + crop.Width <= plan.Scales[crop.Scale].Width + any.Padding
                    && crop.Y + crop.Height <= plan.Scales[crop.Scale].Height + any.Padding
                )
        );

    [Fact]
    public void Create_AnyPlan_WindowsAreTheInputOrAWholeSquare() =>
        ForAll(
            (any, plan) =>
                plan.Crops.All(crop =>
                    (crop.Width, crop.Height) == (any.InputWidth, any.InputHeight)
                    || (
                        any.Spec.Views == 6
                        && crop.Width == crop.Height
                        && crop.Width == Shorter(plan.Scales[crop.Scale]) + (2 * any.Padding)
                    )
                )
        );

    [Fact]
    public void Create_MirroredPlan_HalfOfEachSquareIsTheOtherHalfInAMirror() =>
        ForAll(
            (any, plan) =>
            {
                if (!any.Spec.Mirror)
                    return plan.Crops.All(crop => !crop.Mirrored);
                return plan
                    .Crops.Chunk(2 * any.Spec.Views)
                    .All(square =>
                        square.Skip(any.Spec.Views).SequenceEqual(square.Take(any.Spec.Views).Select(crop => crop with { Mirrored = true }))
                    );
            }
        );

    [Fact]
    public void Create_ThreeSquares_TouchBothEndsOfTheLongerSideAndLeaveEqualRoomInTheMiddle() =>
        ForAll(
            (any, plan) =>
            {
                if (any.Spec is not { Squares: 3, Views: 6 })
                    return true;
                Crop[] whole = [.. plan.Crops.Where((_, index) => index % any.Spec.Views == 5 && !plan.Crops[index].Mirrored)];
                return whole.Length == 3 * plan.Scales.Count
                    && whole
                        .Chunk(3)
                        .All(three =>
                        {
                            PixelSize scale = plan.Scales[three[0].Scale];
                            int room = Math.Max(scale.Width, scale.Height) - Shorter(scale);
                            int[] offsets = [.. three.Select(square => square.X + square.Y + (2 * any.Padding))];
                            return offsets[0] == 0 && offsets[2] == room && Math.Abs(room - (2 * offsets[1])) <= 1;
                        });
            }
        );

    [Fact]
    public void Create_Corners_TouchTheCornersOfTheirSquare() =>
        ForAll(
            (any, plan) =>
            {
                if (any.Spec.Views != 6)
                    return true;
                return plan
                    .Crops.Chunk(6)
                    .All(views =>
                        new[] { (0, 0), (1, 0), (0, 1), (1, 1) }
                            .Select((corner, index) => (corner, views[index]))
                            .All(pair =>
                                pair.Item2.X == views[5].X + (pair.corner.Item1 * (views[5].Width - any.InputWidth))
                                && pair.Item2.Y == views[5].Y + (pair.corner.Item2 * (views[5].Height - any.InputHeight))
                            )
                    );
            }
        );

    [Fact]
    public void Create_ThreeViewsWithPadding_AreTheImageAndItsShiftsAlongTheDiagonal()
    {
        var spec = new CropPlanSpec
        {
            Scales = [224],
            Views = 3,
            Padding = 7,
            Mirror = false,
        };

        CropPlan plan = CropPlan.Create(CropMode.Of(3), 32, 32, 32, 32, Preprocessing(32, new() { ["3"] = spec }));

        Assert.Equal([(-1, -1), (1, 1), (0, 0)], plan.Crops.Select(crop => (crop.X, crop.Y)));
        CropPlan single = CropPlan.Create(CropMode.Single, 32, 32, 32, 32, Preprocessing(32, []));
        Assert.Equal(Assert.Single(single.Crops), plan.Crops[2]);
    }

    [Fact]
    public void Create_TenOfTheModelsOwn_ReplaceTorchvisions()
    {
        var spec = new CropPlanSpec { Scales = [240], Views = 5 };

        CropPlan plan = CropPlan.Create(CropMode.Crops10, 300, 200, 224, 224, Preprocessing(300, new() { ["10"] = spec }));

        Assert.Equal(new PixelSize(360, 240), Assert.Single(plan.Scales));
        Assert.Equal(
            CropPlan
                .Create(CropMode.Crops12, 300, 200, 224, 224, Preprocessing(300, new() { ["12"] = spec with { Views = 6 } }))
                .Crops.Where(crop => crop.Width == 224),
            plan.Crops
        );
    }

    [Fact]
    public void Create_AnyPlan_RegionsHoldEveryCropAndCostNoMoreThanTheWindows() =>
        ForAll(
            (_, plan) =>
            {
                (ScaledRegion[] regions, int[] ofCrop) = CropRegions.Plan(plan);
                long apart = plan.Crops.Select(crop => (crop.Scale, crop.Window)).Distinct().Sum(window => window.Window.Area);
                return plan.Crops.Select((crop, index) => regions[ofCrop[index]].Holds(crop)).All(held => held)
                    && regions.Sum(region => region.Region.Area) <= apart
                    && ofCrop.Distinct().Count() == regions.Length;
            }
        );

    [Theory]
    [InlineData(28, 32, 36, 40, 44)]
    [InlineData(64, 73, 82, 91, 101)]
    [InlineData(224, 256, 288, 320, 352)]
    [InlineData(299, 342, 384, 427, 470)]
    public void Create_Gross_SizesAreThePapersInProportionToTheInput(int input, params int[] shorterSides)
    {
        CropPlan plan = CropPlan.Create(CropMode.Crops144, 500, 375, input, input, Preprocessing(input, []));

        Assert.Equal(shorterSides, plan.Scales.Select(scale => scale.Height));
        Assert.Equal(144, plan.Crops.Distinct().Count());
        Assert.Equal(
            2 * shorterSides[^1],
            CropPlan.MinShorterSide(
                CropMode.Crops144,
                new("input", InputType.UInt8, InputLayout.Nhwc, input, input),
                Preprocessing(input, [])
            )
        );
    }

    [Fact]
    public void Create_Twelve_AreTheMiddleSquareAtTheSmallestSizeOfTheGross()
    {
        CropPlan twelve = CropPlan.Create(CropMode.Crops12, 500, 375, 224, 224, Preprocessing(224, []));
        CropPlan gross = CropPlan.Create(CropMode.Crops144, 500, 375, 224, 224, Preprocessing(224, []));

        Assert.Equal(gross.Scales[0], Assert.Single(twelve.Scales));
        Assert.Equal(gross.Crops.Skip(12).Take(12), twelve.Crops);
    }

    [Fact]
    public void Create_PlanThatTheModelLacks_Throws() =>
        Assert.Throws<ArgumentException>(() => CropPlan.Create(CropMode.Of(24), 50, 37, 28, 28, Preprocessing(28, [])));

    private static void ForAll(Func<Case, CropPlan, bool> holds) =>
        Check.QuickThrowOnFailure(Prop.ForAll(Anything, any => holds(any, any.Plan())));

    private static int Shorter(PixelSize size) => Math.Min(size.Width, size.Height);

    private static ManifestPreprocessing Preprocessing(int side, Dictionary<string, CropPlanSpec> plans) =>
        new(side, side, Interpolation.Bilinear, ChannelOrder.Rgb, 1, [0, 0, 0], [1, 1, 1]) { CropPlans = plans };

    private sealed record Case(int Width, int Height, int InputWidth, int InputHeight, CropPlanSpec Spec)
    {
        /// <summary>In pixels of the resized image.</summary>
        public int Padding { get; } =
            (int)Math.Round(Spec.Padding * (Math.Max(InputWidth, InputHeight) / 224.0), MidpointRounding.AwayFromZero);

        public CropPlan Plan()
        {
            // A plan of one crop cannot be asked for by its number; its geometry must hold all the same, so it goes under another.
            var name = Spec.Count is 1 or 10 ? "999" : $"{Spec.Count}";
            return CropPlan.Create(
                CropMode.TryParse(name, out var mode) ? mode : throw new InvalidOperationException(name),
                Width,
                Height,
                InputWidth,
                InputHeight,
                Preprocessing(Math.Max(InputWidth, InputHeight), new() { [name] = Spec })
            );
        }
    }
}
