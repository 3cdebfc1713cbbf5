using System.Numerics;

namespace Saccade.Inference.Scheduling;

/// <summary>
/// Learns from the runs of one model on one kind of device how long a run takes. Of each size the median of the last runs counts, so that
/// up to seven of fifteen may be any number; sizes that have not been run for long fade. Not thread-safe, allocates nothing after its
/// construction.
/// </summary>
internal sealed class CostModel
{
    private const int Kept = 15;
    private const int ExactSizes = 16;
    private const int StepsPerDoubling = 4;
    private const int Classes = ExactSizes + (StepsPerDoubling * 8);

    // Runs after which what is known about another size counts half, and over which the spread is averaged.
    private const int Memory = 256;

    // A run that takes longer than this many times its estimate says that something happened, not how runs vary.
    private const double LongestRatio = 4;

    private readonly SizeClass[] _classes = new SizeClass[Classes];
    private readonly double[] _kept = new double[Classes * Kept];
    private long _runs;
    private double _meanRatio = 1;
    private double _variance;

    /// <summary>The present estimate: half of the runs take longer.</summary>
    public CostLine Line { get; private set; }

    /// <summary>How runs vary around it.</summary>
    public CostSpread Spread => new(_meanRatio, Math.Sqrt(_variance));

    /// <summary>Learns from one run.</summary>
    /// <param name="rows">Rows that the network computed, padding included; at least 1.</param>
    /// <param name="run">How long it took. A run that took no time at all says nothing.</param>
    public void Observe(int rows, TimeSpan run)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (run <= TimeSpan.Zero)
            return;
        if (Line.IsKnown)
            Compare(run.TotalSeconds / Line.Seconds(rows));
        var index = ClassOf(rows);
        ref var size = ref _classes[index];
        var kept = _kept.AsSpan(index * Kept, Kept);
        kept[size.Next] = run.TotalSeconds / rows;
        size.Next = (size.Next + 1) % Kept;
        size.Count = Math.Min(size.Count + 1, Kept);
        size.Rows += (rows - size.Rows) / size.Count;
        size.SecondsPerRow = Median(kept[..size.Count]);
        size.LastRun = ++_runs;
        Fit();
    }

    private void Compare(double ratio)
    {
        var weight = 1.0 / Math.Min(_runs + 1, Memory);
        var distance = Math.Min(ratio, LongestRatio) - _meanRatio;
        _meanRatio += weight * distance;
        _variance = (1 - weight) * (_variance + (weight * distance * distance));
    }

    private void Fit()
    {
        Span<(double, double, double)> points = stackalloc (double, double, double)[Classes];
        var known = 0;
        foreach (ref readonly var size in _classes.AsSpan())
        {
            if (size.Count > 0)
                points[known++] = (size.Rows, size.SecondsPerRow * size.Rows, Math.Pow(2, (size.LastRun - _runs) / (double)Memory));
        }

        Line = CostLine.Through(points[..known]);
    }

    private static int ClassOf(int rows)
    {
        if (rows <= ExactSizes)
            return rows - 1;
        var doubling = BitOperations.Log2((uint)rows);
        var step = (rows - (1 << doubling)) * StepsPerDoubling >> doubling;
        return Math.Min(ExactSizes + ((doubling - 4) * StepsPerDoubling) + step, Classes - 1);
    }

    private static double Median(ReadOnlySpan<double> values)
    {
        Span<double> sorted = stackalloc double[Kept];
        sorted = sorted[..values.Length];
        values.CopyTo(sorted);
        sorted.Sort();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private struct SizeClass
    {
        public int Next;
        public int Count;
        public double Rows;
        public double SecondsPerRow;
        public long LastRun;
    }
}

/// <summary>How runs vary around their estimate.</summary>
/// <param name="Mean">What they take in the mean, as a multiple of the estimate; above 1 where a few take much longer.</param>
/// <param name="Deviation">Their standard deviation, as a multiple of the estimate.</param>
internal readonly record struct CostSpread(double Mean, double Deviation)
{
    /// <summary>Every run takes what is estimated.</summary>
    public static CostSpread None { get; } = new(1, 0);
}
