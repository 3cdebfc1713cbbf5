using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Cropping;

public sealed class PreparedCropsTests
{
    private static readonly ManifestInput Bytes = new("input", InputType.UInt8, InputLayout.Nhwc, 40, 36);

    [Fact]
    public void WriteCrop_TenBytes_AreTheWindowsOfTheResizedImageAndItsMirrorImage()
    {
        byte[] pixels = TestImages.Noise(91, 67);
        using var image = new DecodedImage(pixels, 91, 67);
        ManifestPreprocessing preprocessing = Preprocessing(47);
        CropPlan plan = CropPlan.Create(CropMode.Crops10, image, Bytes, preprocessing);
        PixelSize scale = plan.Scales[0];
        var resized = new byte[3 * scale.Width * scale.Height];
        ImageResampler.Resize(pixels, 91, 67, resized, scale.Width, scale.Height, Interpolation.Bilinear);

        using var crops = new PreparedCrops(image, plan, Bytes, preprocessing);
        Assert.Equal(10, crops.Count);
        for (int i = 0; i < crops.Count; i++)
        {
            var actual = new byte[crops.CropLength];
            crops.WriteCrop(i, actual);
            Assert.Equal(Window(resized, scale.Width, plan.Crops[i]), actual);
        }
    }

    [Theory]
    [InlineData(32, 32, 7)]
    [InlineData(91, 67, 20)]
    [InlineData(20, 75, 56)]
    public void WriteCrop_PlanWithPadding_ShowsTheReflectionBeyondTheImage(int width, int height, int padding)
    {
        ManifestInput input = Bytes with { Width = 32, Height = 32 };
        var spec = new CropPlanSpec
        {
            Scales = [224, 280],
            Squares = 3,
            Views = 5,
            Padding = padding,
        };
        ManifestPreprocessing preprocessing = Preprocessing(32) with { CropPlans = new Dictionary<string, CropPlanSpec> { ["60"] = spec } };
        byte[] pixels = TestImages.Noise(width, height);
        using var image = new DecodedImage(pixels, width, height);
        CropPlan plan = CropPlan.Create(CropMode.Of(60), image, input, preprocessing);

        using var crops = new PreparedCrops(image, plan, input, preprocessing);

        const int Border = 20;
        byte[][] padded = [.. plan.Scales.Select(scale => Padded(pixels, new(width, height), scale, Border))];
        for (int i = 0; i < crops.Count; i++)
        {
            var actual = new byte[crops.CropLength];
            crops.WriteCrop(i, actual);
            Crop crop = plan.Crops[i];
            int stride = plan.Scales[crop.Scale].Width + (2 * Border);
            Assert.Equal(Window(padded[crop.Scale], stride, crop with { X = crop.X + Border, Y = crop.Y + Border }), actual);
        }
    }

    [Theory]
    [InlineData(InputLayout.Nchw, ChannelOrder.Rgb)]
    [InlineData(InputLayout.Nchw, ChannelOrder.Bgr)]
    [InlineData(InputLayout.Nhwc, ChannelOrder.Rgb)]
    [InlineData(InputLayout.Nhwc, ChannelOrder.Bgr)]
    public void WriteCrop_AnyLayout_HoldsTheSameColoursNormalised(InputLayout layout, ChannelOrder order)
    {
        using var image = new DecodedImage(TestImages.Noise(91, 67), 91, 67);
        ManifestPreprocessing plain = Preprocessing(47);
        ManifestPreprocessing preprocessing = plain with
        {
            ChannelOrder = order,
            Scale = 2,
            Mean = [0.1f, 0.2f, 0.3f],
            Std = [0.5f, 0.6f, 0.7f],
        };
        ManifestInput floats = Bytes with { Type = InputType.Float32, Layout = layout };
        CropPlan plan = CropPlan.Create(CropMode.Crops10, image, Bytes, plain);
        using var expected = new PreparedCrops(image, plan, Bytes, plain);
        using var actual = new PreparedCrops(image, plan, floats, preprocessing);
        var rgb = new byte[expected.CropLength];
        var tensor = new float[actual.CropLength];
        for (int crop = 0; crop < plan.Crops.Count; crop++)
        {
            expected.WriteCrop(crop, rgb);
            actual.WriteCrop(crop, tensor);
            for (int i = 0; i < rgb.Length; i++)
            {
                (int pixel, int colour) = Math.DivRem(i, 3);
                int channel = order == ChannelOrder.Rgb ? colour : 2 - colour;
                int at = layout == InputLayout.Nchw ? (channel * rgb.Length / 3) + pixel : (pixel * 3) + channel;
                double value = ((rgb[i] / 255.0 * 2) - preprocessing.Mean[channel]) / preprocessing.Std[channel];
                Assert.Equal(value, tensor[at], 1e-5);
            }
        }
    }

    [Theory]
    [InlineData(1, 16_384, 10, 6)]
    [InlineData(16_384, 1, 10, 6)]
    [InlineData(1, 16_384, 144, 32)]
    [InlineData(16_384, 1, 144, 32)]
    public void Create_ThreadOfPixels_ComputesTheWindowsOnly(int width, int height, int crops, int inputs)
    {
        using var image = new DecodedImage(TestImages.Noise(width, height), width, height);
        ManifestPreprocessing preprocessing = Preprocessing(256);
        ManifestInput input = Bytes with { Width = 224, Height = 224 };
        CropPlan plan = CropPlan.Create(CropMode.Of(crops), image, input, preprocessing);
        (ScaledRegion[] regions, _) = CropRegions.Plan(plan);
        Assert.InRange(regions.Sum(region => region.Region.Area), 1, inputs * 224 * 224);

        using var prepared = new PreparedCrops(image, plan, input, preprocessing);
        var crop = new byte[prepared.CropLength];
        prepared.WriteCrop(9, crop);
        Assert.NotEqual(0, crop.Max());
    }

    [Fact]
    public void WriteCrop_SinglePixel_IsThatColourEverywhere()
    {
        using var image = new DecodedImage([10, 200, 30], 1, 1);
        using var crops = new PreparedCrops(
            image,
            CropPlan.Create(CropMode.Single, image, Bytes, Preprocessing(47)),
            Bytes,
            Preprocessing(47)
        );
        var crop = new byte[crops.CropLength];
        crops.WriteCrop(0, crop);
        Assert.All(crop.Chunk(3), pixel => Assert.Equal([10, 200, 30], pixel));
    }

    [Fact]
    public void WriteCrop_ImageDisposed_StillWorksAndCropsDisposed_Throws()
    {
        var image = new DecodedImage(TestImages.Smooth(60, 60), 60, 60);
        var crops = new PreparedCrops(image, CropPlan.Create(CropMode.Single, image, Bytes, Preprocessing(47)), Bytes, Preprocessing(47));
        image.Dispose();
        crops.WriteCrop(0, new byte[crops.CropLength]);
        crops.Dispose();
        crops.Dispose();
        Assert.Throws<ObjectDisposedException>(() => crops.WriteCrop(0, new byte[crops.CropLength]));
    }

    [Fact]
    public void WriteCrop_ImageShared_LivesAsLongAsItsLastUser()
    {
        using var image = new DecodedImage(TestImages.Noise(91, 67), 91, 67);
        CropPlan plan = CropPlan.Create(CropMode.Crops10, image, Bytes, Preprocessing(47));
        var resized = new ResizedImage(image, plan, Interpolation.Bilinear);
        var first = new PreparedCrops(resized.Share(), Bytes, Preprocessing(47));
        using var second = new PreparedCrops(resized.Share(), Bytes, Preprocessing(47));
        resized.Dispose();
        var expected = new byte[first.CropLength];
        first.WriteCrop(3, expected);
        first.Dispose();

        // Memory given back too early is what the next image is written to.
        using var other = new ResizedImage(new DecodedImage(TestImages.Smooth(91, 67), 91, 67), plan, Interpolation.Bilinear);
        var actual = new byte[second.CropLength];
        second.WriteCrop(3, actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void WriteCrop_WrongTypeOrLength_Throws()
    {
        using var image = new DecodedImage(TestImages.Smooth(60, 60), 60, 60);
        using var crops = new PreparedCrops(
            image,
            CropPlan.Create(CropMode.Single, image, Bytes, Preprocessing(47)),
            Bytes,
            Preprocessing(47)
        );
        Assert.Throws<InvalidOperationException>(() => crops.WriteCrop(0, new float[crops.CropLength]));
        Assert.Throws<ArgumentOutOfRangeException>(() => crops.WriteCrop(0, new byte[crops.CropLength - 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => crops.WriteCrop(1, new byte[crops.CropLength]));
    }

    [Fact]
    public void Create_PlanForAnotherInput_Throws()
    {
        using var image = new DecodedImage(TestImages.Smooth(60, 60), 60, 60);
        CropPlan plan = CropPlan.Create(CropMode.Single, image, Bytes, Preprocessing(47));
        Assert.Throws<ArgumentException>(() => new PreparedCrops(image, plan, Bytes with { Width = 30 }, Preprocessing(47)));
    }

    private static byte[] Window(byte[] resized, int width, Crop crop)
    {
        var window = new List<byte>();
        for (int y = 0; y < crop.Height; y++)
        {
            for (int x = 0; x < crop.Width; x++)
            {
                int column = crop.X + (crop.Mirrored ? crop.Width - 1 - x : x);
                window.AddRange(resized.AsSpan(3 * (((crop.Y + y) * width) + column), 3));
            }
        }

        return [.. window];
    }

    /// <summary>An image resized and with a border of its reflection, pixel by pixel.</summary>
    private static byte[] Padded(byte[] pixels, PixelSize from, PixelSize size, int border)
    {
        var resized = new byte[3 * size.Width * size.Height];
        ImageResampler.Resize(pixels, from.Width, from.Height, resized, size.Width, size.Height, Interpolation.Bilinear);
        var padded = new List<byte>();
        for (int y = -border; y < size.Height + border; y++)
        {
            int row = Math.Min(Math.Abs(y), (2 * (size.Height - 1)) - y);
            for (int x = -border; x < size.Width + border; x++)
                padded.AddRange(resized.AsSpan(3 * ((row * size.Width) + Math.Min(Math.Abs(x), (2 * (size.Width - 1)) - x)), 3));
        }

        return [.. padded];
    }

    private static ManifestPreprocessing Preprocessing(int shorterSide) =>
        new(shorterSide, shorterSide, Interpolation.Bilinear, ChannelOrder.Rgb, 1, [0, 0, 0], [1, 1, 1]);
}
