using System.Globalization;
using Saccade.Bench.Load;
using Saccade.Bench.Report;

namespace Saccade.Bench.Swaps;

/// <summary>What <c>swaps</c> measured.</summary>
/// <param name="Memory">Resident memory of the service in MiB before the first swap and after each.</param>
/// <param name="Serving">The same at the end, without load.</param>
/// <param name="Unloaded">The same after the model was unloaded.</param>
/// <param name="Durations">Of each swap, from the request to its answer.</param>
/// <param name="Alone">Latencies of requests before the first swap.</param>
/// <param name="Swapping">Latencies of requests during the swaps.</param>
/// <param name="Refusals">Requests that were not answered with labels, by HTTP status.</param>
internal sealed record SwapsReport(
    IReadOnlyList<double> Memory,
    double Serving,
    double Unloaded,
    IReadOnlyList<TimeSpan> Durations,
    IReadOnlyList<TimeSpan> Alone,
    IReadOnlyList<TimeSpan> Swapping,
    IReadOnlyDictionary<int, int> Refusals
)
{
    private const int Rows = 10;

    /// <summary>
    /// Lowest value of the last fifth of the swaps less that of the second, in MiB. The lowest, because what is read while the old version
    /// still drains holds both; the second, because during the first the service's code is still being compiled.
    /// </summary>
    public double Growth => Memory.TakeLast(Fifth).Min() - Memory.Skip(1 + Fifth).Take(Fifth).Min();

    private int Fifth => Math.Max(1, Durations.Count / 5);

    /// <summary>The tables for docs/results.md.</summary>
    public string Markdown(Machine machine, string command)
    {
        var seconds = Percentiles.Of(Durations);
        string[][] figures =
        [
            ["resident memory: growth from the second fifth of the swaps to the last (lowest of each)", $"{Growth:F1} MiB"],
            ["at the end, serving", $"{Serving:F0} MiB"],
            ["after the unload", $"{Unloaded:F0} MiB"],
            ["one swap, median and longest", $"{seconds.P50 / 1000:F2} s, {seconds.Max / 1000:F2} s"],
            ["requests answered during the swaps", $"{Swapping.Count}"],
            ["requests refused", $"{Refusals.Values.Sum()}"],
            ["latency before the swaps, p50 and p99", Text(Alone)],
            ["latency during the swaps, p50 and p99", Text(Swapping)],
        ];
        return $"{machine.Description}, commit {machine.Commit}\n\n```\n{command}\n```\n\n"
            + MarkdownTable.Of([$"{Durations.Count} swaps", "value"], figures)
            + "\n"
            + MarkdownTable.Of(["after swaps", "resident MiB"], Series());
    }

    private IEnumerable<string[]> Series()
    {
        var step = Math.Max(1, Durations.Count / Rows);
        for (var swap = 0; swap < Memory.Count; swap += step)
            yield return [swap.ToString(CultureInfo.InvariantCulture), Memory[swap].ToString("F0", CultureInfo.InvariantCulture)];
    }

    private static string Text(IReadOnlyList<TimeSpan> latencies)
    {
        var ranks = Percentiles.Of(latencies);
        return $"{ranks.P50:F1} ms, {ranks.P99:F1} ms";
    }
}
