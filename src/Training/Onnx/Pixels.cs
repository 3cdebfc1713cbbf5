using Saccade.Inference.Bundles;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Onnx;

/// <summary>
/// Images before normalisation: whole numbers 0 to 255 as floats, [3, H, W] in the tensor's channel order. Proofs start from these,
/// because both kinds of input, normalised floats and bytes, follow from them.
/// </summary>
public static class Pixels
{
    private const int NoiseSeed = 20140917;

    /// <summary>A manifest's preprocessing with the normalisation left out.</summary>
    public static ManifestPreprocessing Unnormalised(ManifestPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        return preprocessing with { Scale = byte.MaxValue, Mean = [0, 0, 0], Std = [1, 1, 1] };
    }

    /// <summary>Images of noise, every pixel by itself, the same every time.</summary>
    public static IEnumerable<float[]> Noise(Shape shape, int count)
    {
        var random = new Random(NoiseSeed);
        for (var i = 0; i < count; i++)
        {
            var bytes = new byte[shape.Count];
            random.NextBytes(bytes);
            yield return Array.ConvertAll(bytes, pixel => (float)pixel);
        }
    }

    /// <summary>(pixel / 255 × scale − mean) / std.</summary>
    /// <param name="pixels">One image or several.</param>
    /// <param name="plane">Values of one colour of one image.</param>
    /// <param name="preprocessing">The normalisation.</param>
    public static float[] Normalise(ReadOnlySpan<float> pixels, int plane, ManifestPreprocessing preprocessing)
    {
        var (factor, offset) = Normalisation(preprocessing);
        var normalised = new float[pixels.Length];
        for (var i = 0; i < normalised.Length; i++)
        {
            var channel = i / plane % factor.Length;
            normalised[i] = MathF.FusedMultiplyAdd(pixels[i], factor[channel], offset[channel]);
        }

        return normalised;
    }

    /// <summary>The pixels that <see cref="Normalise"/> made values of, in [0, 255]: what lies beyond is cut off.</summary>
    /// <param name="normalised">One image or several.</param>
    /// <param name="plane">Values of one colour of one image.</param>
    /// <param name="preprocessing">The normalisation.</param>
    public static float[] Denormalise(ReadOnlySpan<float> normalised, int plane, ManifestPreprocessing preprocessing)
    {
        var (factor, offset) = Normalisation(preprocessing);
        var pixels = new float[normalised.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var channel = i / plane % factor.Length;
            pixels[i] = Math.Clamp((normalised[i] - offset[channel]) / factor[channel], 0, byte.MaxValue);
        }

        return pixels;
    }

    /// <summary>Normalisation as a factor and an offset for each channel, rounded as the engine rounds them.</summary>
    internal static (float[] Factor, float[] Offset) Normalisation(ManifestPreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        var channels = preprocessing.Mean.Zip(preprocessing.Std, (mean, std) => (Mean: (double)mean, Std: (double)std)).ToArray();
        return (
            Array.ConvertAll(channels, channel => (float)(preprocessing.Scale / 255.0 / channel.Std)),
            Array.ConvertAll(channels, channel => (float)(-channel.Mean / channel.Std))
        );
    }
}
