namespace Saccade.Inference.Scheduling;

/// <summary>
/// How long one run of a network takes: a fixed part, and a part for every row. The default value means that nothing is known.
/// </summary>
/// <param name="Fixed">Seconds that a run takes whatever its size, at least 0.</param>
/// <param name="PerRow">Seconds that each row adds, at least 0.</param>
internal readonly record struct CostLine(double Fixed, double PerRow)
{
    /// <summary>Whether anything is known.</summary>
    public bool IsKnown => Fixed > 0 || PerRow > 0;

    /// <summary>Seconds of a run; never falls as the run grows, 0 while nothing is known.</summary>
    /// <param name="rows">Rows that the network computes, at least 1.</param>
    public double Seconds(int rows) => Fixed + (PerRow * rows);

    /// <summary>The line through points that differ by noise; a small run counts as much as a large one.</summary>
    /// <param name="points">At least one, each with rows, seconds and weight above 0.</param>
    /// <remarks>Neither part becomes negative: noise on nearly equal sizes would otherwise make large runs free, or small ones.</remarks>
    public static CostLine Through(ReadOnlySpan<(double Rows, double Seconds, double Weight)> points)
    {
        double w = 0,
            wx = 0,
            wy = 0,
            wxx = 0,
            wxy = 0;
        foreach (var (rows, seconds, weight) in points)
        {
            var relative = weight / (seconds * seconds);
            w += relative;
            wx += relative * rows;
            wy += relative * seconds;
            wxx += relative * rows * rows;
            wxy += relative * rows * seconds;
        }

        // One size only: all that can be said without being too hopeful about larger runs is that they cost in proportion.
        var spread = (w * wxx) - (wx * wx);
        if (spread <= 1e-9 * w * wxx)
            return new(0, wxy / wxx);
        var perRow = ((w * wxy) - (wx * wy)) / spread;
        if (perRow < 0)
            return new(wy / w, 0);
        var atZero = (wy - (perRow * wx)) / w;
        return atZero < 0 ? new(0, wxy / wxx) : new(atZero, perRow);
    }
}
