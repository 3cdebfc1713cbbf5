using Saccade.Inference.Decoding;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace Saccade.Training.Data;

/// <summary>Images of another source, each corrupted in one way (Hendrycks and Dietterich 2019). The same image always gets the same
/// noise.</summary>
internal sealed class CorruptedImages : IImageSource
{
    private const int JpegQuality = 30;
    private const float BlurOfShorterSide = 1f / 32;
    private const double NoiseDeviation = 0.08 * byte.MaxValue;
    private const float Darker = 0.5f;
    private const float Brighter = 1.5f;
    private const long Purpose = 0x6e6f_6973;

    private readonly IImageSource _source;
    private readonly Corruption _corruption;

    /// <summary>Shows a source as it would be after a corruption.</summary>
    public CorruptedImages(IImageSource source, Corruption corruption) => (_source, _corruption) = (source, corruption);

    /// <inheritdoc/>
    public int Count => _source.Count;

    /// <inheritdoc/>
    public int LabelOf(int index) => _source.LabelOf(index);

    /// <inheritdoc/>
    public DecodedImage Load(int index)
    {
        using var image = _source.Load(index);
        return _corruption switch
        {
            Corruption.Jpeg => ThroughJpeg(image),
            Corruption.Blur => Blurred(image),
            Corruption.Noise => Noisy(image, index),
            Corruption.Dark => Scaled(image, Darker),
            _ => Scaled(image, Brighter),
        };
    }

    private static DecodedImage ThroughJpeg(DecodedImage image)
    {
        using MemoryStream file = new();
        using (var pixels = Image.LoadPixelData<Rgb24>(image.Pixels, image.Width, image.Height))
            pixels.Save(file, new JpegEncoder { Quality = JpegQuality, ColorType = JpegColorType.YCbCrRatio420 });
        file.Position = 0;
        using var decoded = Image.Load<Rgb24>(file);
        return Of(decoded);
    }

    private static DecodedImage Blurred(DecodedImage image)
    {
        using var pixels = Image.LoadPixelData<Rgb24>(image.Pixels, image.Width, image.Height);
        pixels.Mutate(context => context.GaussianBlur(BlurOfShorterSide * Math.Min(image.Width, image.Height)));
        return Of(pixels);
    }

    private static DecodedImage Noisy(DecodedImage image, int index)
    {
        var random = SplitMix64.At(Purpose, index);
        var pixels = image.Pixels.ToArray();
        foreach (ref var value in pixels.AsSpan())
            value = Rounded(value + (NoiseDeviation * Normal(ref random)));
        return new DecodedImage(pixels, image.Width, image.Height);
    }

    private static DecodedImage Scaled(DecodedImage image, float factor)
    {
        var pixels = image.Pixels.ToArray();
        foreach (ref var value in pixels.AsSpan())
            value = Rounded(factor * value);
        return new DecodedImage(pixels, image.Width, image.Height);
    }

    private static byte Rounded(double value) => (byte)Math.Clamp(Math.Round(value), 0, byte.MaxValue);

    /// <summary>Box and Muller's; one of the pair is enough.</summary>
    private static double Normal(ref SplitMix64 random)
    {
        var length = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        return length * Math.Cos(Math.Tau * random.NextDouble());
    }

    private static DecodedImage Of(Image<Rgb24> image)
    {
        var pixels = new byte[3 * image.Width * image.Height];
        image.CopyPixelDataTo(pixels);
        return new DecodedImage(pixels, image.Width, image.Height);
    }
}
