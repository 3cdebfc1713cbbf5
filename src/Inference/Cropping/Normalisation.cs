using System.Runtime.Intrinsics;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Cropping;

/// <summary>(pixel / 255 × scale − mean) / std as one multiply-add, with a factor and an offset for each channel in tensor order.</summary>
internal sealed class Normalisation
{
    private const int Channels = 3;
    private const int Block = 16;

    private readonly float[] _factor = new float[Channels];
    private readonly float[] _offset = new float[Channels];

    /// <param name="preprocessing">Three finite means and three positive deviations.</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public Normalisation(ManifestPreprocessing preprocessing)
    {
        if (preprocessing.Mean.Count != Channels || preprocessing.Std.Count != Channels)
        {
            throw new ArgumentException("Mean and std need one value for each of three channels.", nameof(preprocessing));
        }

        for (int channel = 0; channel < Channels; channel++)
        {
            double deviation = preprocessing.Std[channel];
            if (!(deviation > 0))
            {
                throw new ArgumentException($"A std of {deviation} cannot be divided by.", nameof(preprocessing));
            }

            _factor[channel] = (float)(preprocessing.Scale / 255.0 / deviation);
            _offset[channel] = (float)(-preprocessing.Mean[channel] / deviation);
        }
    }

    /// <summary>Normalises a crop.</summary>
    /// <param name="pixels">In tensor order.</param>
    /// <param name="destination">As long.</param>
    /// <param name="planar">Whether each channel is a plane; else they alternate.</param>
    public void Apply(ReadOnlySpan<byte> pixels, Span<float> destination, bool planar)
    {
        if (planar)
        {
            int plane = pixels.Length / Channels;
            for (int channel = 0; channel < Channels; channel++)
            {
                ApplyPlane(
                    pixels.Slice(channel * plane, plane),
                    destination.Slice(channel * plane, plane),
                    _factor[channel],
                    _offset[channel]
                );
            }
        }
        else
        {
            ApplyInterleaved(pixels, destination);
        }
    }

    private static void ApplyPlane(ReadOnlySpan<byte> pixels, Span<float> destination, float factor, float offset)
    {
        int i = 0;
        for (; i <= pixels.Length - Block; i += Block)
        {
            (Vector256<float> low, Vector256<float> high) = ToSingles(pixels.Slice(i, Block));
            Vector256.MultiplyAddEstimate(low, Vector256.Create(factor), Vector256.Create(offset)).CopyTo(destination[i..]);
            Vector256
                .MultiplyAddEstimate(high, Vector256.Create(factor), Vector256.Create(offset))
                .CopyTo(destination[(i + (Block / 2))..]);
        }

        for (; i < pixels.Length; i++)
        {
            destination[i] = float.MultiplyAddEstimate(pixels[i], factor, offset);
        }
    }

    private void ApplyInterleaved(ReadOnlySpan<byte> pixels, Span<float> destination)
    {
        // The channels repeat after 48 values: sixteen pixels, six vectors of factors and offsets.
        const int Period = Channels * Block;
        const int Half = Block / 2;
        Span<float> factors = stackalloc float[Period];
        Span<float> offsets = stackalloc float[Period];
        for (int i = 0; i < Period; i++)
        {
            factors[i] = _factor[i % Channels];
            offsets[i] = _offset[i % Channels];
        }

        int done = 0;
        for (; done <= pixels.Length - Period; done += Period)
        {
            for (int i = 0; i < Period; i += Block)
            {
                (Vector256<float> low, Vector256<float> high) = ToSingles(pixels.Slice(done + i, Block));
                low = Vector256.MultiplyAddEstimate(low, Vector256.Create(factors[i..]), Vector256.Create(offsets[i..]));
                high = Vector256.MultiplyAddEstimate(
                    high,
                    Vector256.Create(factors[(i + Half)..]),
                    Vector256.Create(offsets[(i + Half)..])
                );
                low.CopyTo(destination[(done + i)..]);
                high.CopyTo(destination[(done + i + Half)..]);
            }
        }

        for (; done < pixels.Length; done++)
        {
            destination[done] = float.MultiplyAddEstimate(pixels[done], _factor[done % Channels], _offset[done % Channels]);
        }
    }

    private static (Vector256<float> Low, Vector256<float> High) ToSingles(ReadOnlySpan<byte> pixels)
    {
        Vector256<ushort> wide = Vector256.WidenLower(Vector128.Create(pixels).ToVector256Unsafe());
        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(wide);
        return (Vector256.ConvertToSingle(low.AsInt32()), Vector256.ConvertToSingle(high.AsInt32()));
    }
}
