using Saccade.Inference.Bundles;
using Saccade.Inference.Decoding;
using Saccade.Training.Data;
using Saccade.Training.Recipes;
using Xunit;

namespace Saccade.Training.Tests.Data;

public sealed class TrainingCropsTests
{
    private const int Side = 8;
    private const int Plane = Side * Side;

    // Scale 255 without mean and std keeps the pixel values, so a crop can be read off its floats.
    private static readonly ManifestPreprocessing Plain = new(
        Side,
        Side + 1,
        Interpolation.Bilinear,
        ChannelOrder.Rgb,
        255,
        [0, 0, 0],
        [1, 1, 1]
    );

    [Fact]
    public void Write_Centre_EqualsTheEvaluationsCrop()
    {
        using var image = Coordinates(13, 10);
        var expected = new float[3 * Plane];
        new EvaluationCrops(CropMode.Single, Plain, Side).Write(0, image, expected);

        Assert.Equal(expected, Crop(image, new() { Crop = CropKind.Centre, Flip = false }, index: 5));
    }

    [Fact]
    public void Write_Shift_MovesByAtMostTheShiftAndFillsWithBlack()
    {
        const int Shift = 2;
        using var image = Coordinates(Side, Side);
        HashSet<(int, int)> moves = [];
        for (var index = 0; index < 400; index++)
        {
            var crop = Crop(
                image,
                new()
                {
                    Crop = CropKind.Shift,
                    ShiftPixels = Shift,
                    Flip = false,
                },
                index
            );
            var centre = (4 * Side) + 4; // inside the image whatever the move
            var (right, down) = ((int)crop[centre] - 1 - 4, (int)crop[Plane + centre] - 1 - 4);
            moves.Add((right, down));
            for (var y = 0; y < Side; y++)
            {
                for (var x = 0; x < Side; x++)
                {
                    var inside = x + right is >= 0 and < Side && y + down is >= 0 and < Side;
                    Assert.Equal(
                        inside ? (x + right + 1, y + down + 1) : (0, 0),
                        ((int)crop[(y * Side) + x], (int)crop[Plane + (y * Side) + x])
                    );
                }
            }
        }

        Assert.Equal(25, moves.Count);
        Assert.All(moves, move => Assert.True(Math.Abs(move.Item1) <= Shift && Math.Abs(move.Item2) <= Shift));
    }

    [Fact]
    public void Write_ReflectedBorder_GoesBackFromTheEdge()
    {
        const int Shift = 3;
        using var image = Coordinates(Side, Side);
        HashSet<int> firsts = [];
        for (var index = 0; index < 400; index++)
        {
            var crop = Crop(
                image,
                new()
                {
                    Crop = CropKind.Shift,
                    ShiftPixels = Shift,
                    Border = BorderKind.Reflect,
                    Flip = false,
                },
                index
            );
            var (right, down) = ((int)crop[(4 * Side) + 4] - 1 - 4, (int)crop[Plane + (4 * Side) + 4] - 1 - 4);
            firsts.Add(right);
            for (var at = 0; at < Plane; at++)
                Assert.Equal((Mirrored(at % Side, right), Mirrored(at / Side, down)), ((int)crop[at], (int)crop[Plane + at]));
        }

        Assert.Equal(7, firsts.Count);

        // 1 2 … 8, then 7 6 5; before it 4 3 2.
        static int Mirrored(int place, int shift) =>
            (place + shift) switch
            {
                < 0 and var before => 1 - before,
                > Side - 1 and var behind => (2 * Side) - 1 - behind,
                var inside => inside + 1,
            };
    }

    [Fact]
    public void Write_AlternatingFlip_ShowsBothSidesInTwoEpochs()
    {
        using var image = Coordinates(Side, Side);
        AugmentationOptions options = new() { Crop = CropKind.Centre, AlternatingFlip = true };
        bool Flipped(int index, int epoch) => (int)Crop(image, options, index, epoch)[0] == Side;
        var first = Enumerable.Range(0, 400).Select(index => Flipped(index, epoch: 4)).ToList();

        Assert.Equal(first, Enumerable.Range(0, 400).Select(index => !Flipped(index, epoch: 5)));
        Assert.NotEqual(first, Enumerable.Range(0, 400).Select(index => Flipped(index, epoch: 6)));
        Assert.InRange(first.Count(flipped => flipped), 150, 250); // five standard deviations of 10
    }

    [Fact]
    public void Write_Cutout_PaintsASquareInTheMeanColour()
    {
        const int Cut = 3;
        using var black = new DecodedImage(new byte[3 * Plane], Side, Side);
        var crops = new TrainingCrops(
            Plain with
            {
                Mean = [51, 102, 153],
            },
            Side,
            new()
            {
                Crop = CropKind.Centre,
                Flip = false,
                CutoutPixels = Cut,
            },
            seed: 1
        );
        HashSet<int> sizes = [];
        for (var index = 0; index < 200; index++)
        {
            var target = new float[3 * Plane];
            crops.ForEpoch(0)(index, black, target);
            var painted = Enumerable.Range(0, Plane).Where(at => Math.Abs(target[at]) < 0.5).ToList(); // the mean is 0, black -51
            var (columns, rows) = (painted.Select(at => at % Side).Distinct().Count(), painted.Select(at => at / Side).Distinct().Count());
            Assert.Equal(painted.Count, columns * rows);
            Assert.All(painted, at => Assert.Equal((0, 0), (target[Plane + at], target[(2 * Plane) + at])));
            sizes.Add(painted.Count);
        }

        Assert.Equal([4, 6, 9], sizes.Order()); // over a corner, over an edge, inside
    }

    [Fact]
    public void Write_Window_IsAnywhereInTheImageAsItIsResized()
    {
        // Shorter side 12 for an input of 8: the image stays as it is and the window has 5 × 9 places.
        var larger = Plain with
        {
            ResizeShorterSide = 12,
        };
        using var image = Coordinates(16, 12);
        HashSet<(int, int)> places = [];
        for (var index = 0; index < 600; index++)
        {
            var crop = new float[3 * Plane];
            new TrainingCrops(larger, Side, new() { Crop = CropKind.Window, Flip = false }, seed: 1).ForEpoch(0)(index, image, crop);
            var (left, top) = ((int)crop[0] - 1, (int)crop[Plane] - 1);
            places.Add((left, top));
            Assert.Equal((left + Side, top + Side), ((int)crop[Plane - 1], (int)crop[(2 * Plane) - 1]));
        }

        Assert.Equal(45, places.Count);
    }

    [Fact]
    public void Write_ImageTooLongForAnyBox_IsResizedWhole()
    {
        using var image = Coordinates(200, 2);
        var crop = Crop(
            image,
            new()
            {
                Crop = CropKind.RandomResized,
                MinArea = 0.9,
                Flip = false,
            },
            index: 3
        );

        Assert.InRange(crop[0], 1, 30);
        Assert.InRange(crop[Side - 1], 170, 200);
    }

    [Fact]
    public void Write_RandomInterpolation_UsesFourFilters()
    {
        // The box is the whole image every time, so crops differ by the filter alone.
        using var image = Noise(13);
        AugmentationOptions options = new()
        {
            Crop = CropKind.RandomResized,
            MinArea = 1,
            MaxAspect = 1,
            Flip = false,
            RandomInterpolation = true,
        };

        Assert.Equal(4, Crops(options).Distinct().Count());
        Assert.Single(Crops(options with { RandomInterpolation = false }).Distinct());

        IEnumerable<string> Crops(AugmentationOptions what) =>
            Enumerable.Range(0, 80).Select(index => string.Join(' ', Crop(image, what, index)));
    }

    [Theory]
    [InlineData(PhotometricKind.Howard)]
    [InlineData(PhotometricKind.Inception)]
    public void Write_Photometric_ChangesColoursByTheSample(PhotometricKind kind)
    {
        using var image = Noise(Side);
        AugmentationOptions options = new() { Crop = CropKind.Centre, Flip = false };
        var plain = Crop(image, options, 0);
        var distorted = Enumerable.Range(0, 20).Select(index => Crop(image, options with { Photometric = kind }, index)).ToList();

        Assert.Equal(20, distorted.Select(crop => string.Join(' ', crop)).Distinct().Count());
        Assert.Equal(plain, Crop(image, options with { Photometric = kind, PhotometricStrength = 0 }, 0));
    }

    [Fact]
    public void Write_Flip_MirrorsAboutHalf()
    {
        using var image = Coordinates(Side, Side);
        var flipped = 0;
        for (var index = 0; index < 400; index++)
        {
            var crop = Crop(image, new() { Crop = CropKind.Centre }, index);
            var first = (int)crop[0];
            flipped += first == Side ? 1 : 0;
            Assert.Equal(Enumerable.Range(1, Side), first == 1 ? Row(crop) : Row(crop).Reverse());
        }

        Assert.InRange(flipped, 150, 250); // five standard deviations of 10
    }

    [Fact]
    public void Write_Erasing_OverwritesABoxWithinItsBounds()
    {
        using var image = new DecodedImage(new byte[3 * 32 * 32], 32, 32);
        var crops = new TrainingCrops(
            Plain with
            {
                ResizeShorterSide = 32,
            },
            32,
            new() { Crop = CropKind.Centre, ErasingProbability = 1 },
            seed: 1
        );
        var erased = 0;
        for (var index = 0; index < 200; index++)
        {
            var target = new float[3 * 32 * 32];
            crops.ForEpoch(0)(index, image, target);
            var touched = Enumerable
                .Range(0, 32 * 32)
                .Where(pixel => target[pixel] + target[1024 + pixel] + target[2048 + pixel] > 0)
                .ToList();
            if (touched.Count == 0)
                continue;
            erased++;
            var (columns, rows) = (
                touched.Select(pixel => pixel % 32).Distinct().Count(),
                touched.Select(pixel => pixel / 32).Distinct().Count()
            );
            Assert.InRange((columns - 0.5) * (rows - 0.5) / 1024, 0, 0.33);
            Assert.InRange((columns + 0.5) * (rows + 0.5) / 1024, 0.02, 1);
            Assert.InRange(touched.Count, (columns * rows) - 3, columns * rows); // noise is black itself once in 2^24
        }

        Assert.InRange(erased, 195, 200);
    }

    [Fact]
    public void Write_SameEpochAndImage_IsTheSameCropAndAnotherEpochIsNot()
    {
        using var image = Coordinates(20, 16);
        AugmentationOptions options = new()
        {
            Crop = CropKind.RandomResized,
            MinArea = 0.2,
            ErasingProbability = 0.5,
        };
        var all = Enumerable.Range(0, 20).Select(index => Crop(image, options, index)).ToList();

        Assert.Equal(all[7], Crop(image, options, 7));
        Assert.NotEqual(all[7], Crop(image, options, 7, epoch: 1));
        Assert.Equal(20, all.Select(crop => string.Join(',', crop)).Distinct().Count());
    }

    [Theory]
    [InlineData(CropKind.Centre)]
    [InlineData(CropKind.Shift)]
    [InlineData(CropKind.Window)]
    [InlineData(CropKind.RandomResized)]
    [InlineData(CropKind.ShiftOrResized)]
    public void Write_AnyImageSize_FillsTheWholeInput(CropKind kind)
    {
        foreach (var (width, height) in new[] { (1, 1), (1, 40), (40, 1), (7, 9), (100, 30) })
        {
            using var white = new DecodedImage([.. Enumerable.Repeat((byte)255, 3 * width * height)], width, height);
            for (var index = 0; index < 20; index++)
                Assert.All(Crop(white, new() { Crop = kind, ShiftPixels = 0 }, index), value => Assert.Equal(255, value, 1e-3));
        }
    }

    private static float[] Crop(DecodedImage image, AugmentationOptions options, int index, int epoch = 0)
    {
        var target = new float[3 * Plane];
        new TrainingCrops(Plain, Side, options, seed: 1).ForEpoch(epoch)(index, image, target);
        return target;
    }

    private static IEnumerable<int> Row(float[] crop) => crop.Take(Side).Select(value => (int)value);

    private static DecodedImage Noise(int side)
    {
        var random = SplitMix64.At(side);
        return new DecodedImage([.. Enumerable.Range(0, 3 * side * side).Select(_ => (byte)random.Next(256))], side, side);
    }

    // Red is the column and green the row, counted from 1: black is outside.
    private static DecodedImage Coordinates(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
            (pixels[3 * i], pixels[(3 * i) + 1]) = ((byte)((i % width) + 1), (byte)((i / width) + 1));
        return new DecodedImage(pixels, width, height);
    }
}
