using System.Buffers;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Cropping;

/// <summary>
/// Along one axis: which source pixels make up each output pixel, and by what fixed-point weights. They are Pillow's
/// (precision 22 bits): the filter is widened by the shrink factor, cut at the edges and normalised.
/// </summary>
internal sealed class ResampleWeights : IDisposable
{
    /// <summary>Fraction bits: 32 less the 8 of a pixel less 2 for sums and signs.</summary>
    public const int Precision = 32 - 8 - 2;

    private readonly int[] _weights;
    private readonly int[] _first;
    private readonly int[] _taps;

    /// <summary>Computes the weights of some outputs.</summary>
    /// <param name="sourceSize">Source pixels along the axis.</param>
    /// <param name="from">Where the resampled part of the source begins, in pixels from its edge.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="outputSize">Output pixels that the part becomes.</param>
    /// <param name="start">First output that is wanted.</param>
    /// <param name="count">How many outputs are wanted.</param>
    /// <param name="interpolation">The filter.</param>
    public ResampleWeights(int sourceSize, double from, double to, int outputSize, int start, int count, Interpolation interpolation)
    {
        double scale = (to - from) / outputSize;
        double filterScale = Math.Max(scale, 1);
        double support = ResampleFilter.Support(interpolation) * filterScale;
        Stride = ((int)Math.Ceiling(support) * 2) + 1;
        Count = count;
        _weights = ArrayPool<int>.Shared.Rent(checked(Stride * count));
        _first = ArrayPool<int>.Shared.Rent(count);
        _taps = ArrayPool<int>.Shared.Rent(count);
        double[] exact = ArrayPool<double>.Shared.Rent(Stride);
        for (int i = 0; i < count; i++)
        {
            double centre = from + ((start + i + 0.5) * scale);
            int first = Math.Max(0, (int)(centre - support + 0.5));
            int taps = Math.Min(sourceSize, (int)(centre + support + 0.5)) - first;
            double inverse = 1 / filterScale;
            double sum = 0;
            for (int tap = 0; tap < taps; tap++)
            {
                exact[tap] = ResampleFilter.Weight(interpolation, (tap + first - centre + 0.5) * inverse);
                sum += exact[tap];
            }

            Span<int> weights = _weights.AsSpan(i * Stride, taps);
            for (int tap = 0; tap < taps; tap++)
            {
                double weight = sum == 0 ? exact[tap] : exact[tap] / sum;
                weights[tap] = (int)((weight * (1 << Precision)) + (weight < 0 ? -0.5 : 0.5));
            }

            _first[i] = first;
            _taps[i] = taps;
        }

        ArrayPool<double>.Shared.Return(exact);
    }

    /// <summary>Most weights that an output has.</summary>
    public int Stride { get; }

    /// <summary>Number of outputs.</summary>
    public int Count { get; }

    /// <summary>The first source pixel that any output needs.</summary>
    public int SourceStart => _first[0];

    /// <summary>One behind the last source pixel that any output needs.</summary>
    public int SourceEnd => _first[Count - 1] + _taps[Count - 1];

    /// <summary>The first source pixel of an output.</summary>
    public int First(int output) => _first[output];

    /// <summary>The weights of an output, one for each source pixel from <see cref="First"/> on.</summary>
    public ReadOnlySpan<int> this[int output] => _weights.AsSpan(output * Stride, _taps[output]);

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_weights);
        ArrayPool<int>.Shared.Return(_first);
        ArrayPool<int>.Shared.Return(_taps);
    }
}
