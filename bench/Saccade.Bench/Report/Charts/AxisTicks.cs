using Saccade.Training;

namespace Saccade.Bench.Report.Charts;

/// <summary>Round numbers along an axis.</summary>
internal static class AxisTicks
{
    private const int Wanted = 6;

    /// <summary>Multiples of 1, 2 or 5 times a power of ten from 0 to at least <paramref name="largest"/>.</summary>
    public static IReadOnlyList<double> Linear(double largest)
    {
        if (!(largest > 0))
            return [0, 1];
        var step = Svg.RoundStep(largest / Wanted);
        return [.. Enumerable.Range(0, (int)Math.Ceiling((largest / step) - 1e-9) + 1).Select(index => index * step)];
    }

    /// <summary>1, 2 and 5 times powers of ten that enclose both values, which are above 0.</summary>
    public static IReadOnlyList<double> Logarithmic(double smallest, double largest)
    {
        var ticks = new List<double>();
        for (var power = Math.Pow(10, Math.Floor(Math.Log10(smallest))); ; power *= 10)
        {
            foreach (var factor in (ReadOnlySpan<int>)[1, 2, 5])
            {
                var tick = factor * power;
                if (tick <= smallest)
                    ticks.Clear();
                ticks.Add(tick);
                if (tick >= largest && ticks.Count > 1)
                    return ticks;
            }
        }
    }
}
