using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Decoding;

/// <summary>JPEG read at a fraction of its size.</summary>
public sealed class ReducedJpegTests
{
    private static readonly ImageDecoder Decoder = Decoders.Create(JpegDecoder.LibjpegTurbo, options => options.ReduceLargeJpegs = true);

    [Theory]
    [InlineData(0, 501, 403)]
    [InlineData(403, 501, 403)]
    [InlineData(202, 501, 403)]
    [InlineData(201, 251, 202)]
    [InlineData(100, 126, 101)]
    [InlineData(50, 63, 51)]
    [InlineData(1, 63, 51)]
    public void Decode_SmallerWillDo_HalvesWhileEnoughIsLeft(int minShorterSide, int width, int height)
    {
        using DecodedImage image = Decoder.Decode(TestImages.Jpeg(501, 403), minShorterSide).Image!;
        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal((501, 403), (image.FullWidth, image.FullHeight));
    }

    [Fact]
    public void Decode_ByDefaultOrOtherFormat_ReadsFullSize()
    {
        ImageDecoder off = Decoders.Create(JpegDecoder.LibjpegTurbo);
        using DecodedImage jpeg = off.Decode(TestImages.Jpeg(501, 403), 10).Image!;
        using DecodedImage png = Decoder.Decode(TestImages.Png(501, 403), 10).Image!;
        Assert.Equal((501, 403, 501, 403), (jpeg.Width, jpeg.Height, png.Width, png.Height));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void WriteCrop_ReducedJpegOfAnyOrientation_IsCloseToTheFullRead(int orientation)
    {
        byte[] jpeg = TestImages.WithOrientation(TestImages.Jpeg(501, 403, quality: 95), orientation);
        var input = new ManifestInput("input", InputType.UInt8, InputLayout.Nhwc, 40, 40);
        var preprocessing = new ManifestPreprocessing(45, 48, Interpolation.Bilinear, ChannelOrder.Rgb, 1, [0, 0, 0], [1, 1, 1]);

        byte[] full = Crop(0);
        byte[] reduced = Crop(CropPlan.MinShorterSide(CropMode.Single, input, preprocessing));

        Assert.InRange(Difference.Largest(full, reduced), 1, 4);
        Assert.InRange(Difference.Mean(full, reduced), 0, 0.6);

        byte[] Crop(int minShorterSide)
        {
            using DecodedImage image = Decoder.Decode(jpeg, minShorterSide).Image!;
            using var crops = new PreparedCrops(image, CropPlan.Create(CropMode.Single, image, input, preprocessing), input, preprocessing);
            var crop = new byte[crops.CropLength];
            crops.WriteCrop(0, crop);
            return crop;
        }
    }
}
