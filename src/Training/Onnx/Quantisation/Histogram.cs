namespace Saccade.Training.Onnx.Quantisation;

/// <summary>How often a value fell where, between limits known beforehand.</summary>
/// <param name="low">The smallest value.</param>
/// <param name="high">The largest.</param>
internal sealed class Histogram(float low, float high)
{
    private const int Bins = 2048;
    private const int Candidates = 96;

    private readonly long[] _counts = new long[Bins];
    private readonly double _width = Math.Max((high - (double)low) / Bins, 1e-30);

    public void Add(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            _counts[Math.Clamp((int)((value - low) / _width), 0, Bins - 1)]++;
    }

    /// <summary>
    /// The scale with the least mean square error: cutting rare large values off costs them, and makes the steps of all others finer.
    /// </summary>
    public Scale BestScale()
    {
        var (best, least) = (Scale.For(low, high), double.PositiveInfinity);
        for (var candidate = Candidates; candidate >= Candidates / 8; candidate--)
        {
            var share = (double)candidate / Candidates;
            var scale = Scale.For(low * share, high * share);
            var error = Error(scale);
            if (error < least)
                (best, least) = (scale, error);
        }

        return best;
    }

    private double Error(Scale scale)
    {
        var (smallest, largest) = (-scale.Zero * (double)scale.Step, (byte.MaxValue - scale.Zero) * (double)scale.Step);
        var rounding = scale.Step * (double)scale.Step / 12;
        var sum = 0.0;
        for (var bin = 0; bin < Bins; bin++)
        {
            if (_counts[bin] == 0)
                continue;
            var value = low + ((bin + 0.5) * _width);
            var beyond = value < smallest ? smallest - value : Math.Max(value - largest, 0);
            sum += _counts[bin] * (beyond > 0 ? beyond * beyond : rounding);
        }

        return sum;
    }
}
