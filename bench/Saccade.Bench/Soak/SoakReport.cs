using System.Globalization;
using Saccade.Bench.Load;
using Saccade.Bench.Report;

namespace Saccade.Bench.Soak;

/// <summary>What <c>soak</c> measured.</summary>
/// <param name="Length">Of the run.</param>
/// <param name="Memory">Resident memory of the service in MiB, with the time from the start.</param>
/// <param name="Tallies">Requests by kind; the first is what a service is for.</param>
/// <param name="Left">What the service held when everything was answered, by metric: all zero in a sound run.</param>
internal sealed record SoakReport(
    TimeSpan Length,
    IReadOnlyList<(TimeSpan At, double Mebibytes)> Memory,
    IReadOnlyList<SoakTally> Tallies,
    IReadOnlyDictionary<string, double> Left
)
{
    // Shed load and a service's own wish to be asked again are answers too.
    private static readonly string[] Fair = ["200", "429"];

    /// <summary>MiB an hour: the slope of a line through the memory from the second fifth of the run on, by least squares.</summary>
    public double Growth
    {
        get
        {
            var points = Memory.Where(point => point.At > Length / 5).ToList();
            var (meanX, meanY) = (points.Average(point => point.At.TotalHours), points.Average(point => point.Mebibytes));
            var spread = points.Sum(point => Square(point.At.TotalHours - meanX));
            return spread == 0 ? 0 : points.Sum(point => (point.At.TotalHours - meanX) * (point.Mebibytes - meanY)) / spread;
        }
    }

    /// <summary>What may not be: one sentence each.</summary>
    public IEnumerable<string> Faults(double mostGrowth)
    {
        foreach (var (outcome, count) in Tallies[0].Outcomes.Where(outcome => !Fair.Contains(outcome.Key)))
            yield return $"{count} good requests ended with {outcome}.";
        foreach (var tally in Tallies.Skip(1))
        {
            foreach (var (outcome, count) in tally.Outcomes.Where(outcome => outcome.Key == "500" || !IsStatus(outcome.Key)))
            {
                if (outcome != "hung up")
                    yield return $"{count} requests ({tally.Name}) ended with {outcome}.";
            }
        }

        foreach (var (metric, value) in Left.Where(left => left.Value != 0))
            yield return $"{metric} is {value} when everything was answered.";
        if (Growth > mostGrowth)
            yield return $"Memory grows by {Growth:F0} MiB an hour; {mostGrowth:F0} are allowed.";
    }

    /// <summary>The tables for docs/results.md.</summary>
    public string Markdown(Machine machine, string command)
    {
        var (first, last) = (Latency(TimeSpan.Zero, Length / 5), Latency(Length * 4 / 5, TimeSpan.MaxValue));
        string[][] figures =
        [
            ["resident memory: slope from the second fifth on", $"{Figure.Of(Growth, 1)} MiB an hour"],
            ["at the end, highest", $"{Figure.Of(Memory[^1].Mebibytes, 0)}, {Figure.Of(Memory.Max(point => point.Mebibytes), 0)} MiB"],
            ["latency of good requests in the first fifth, p50 and p99", Text(first)],
            ["in the last fifth", Text(last)],
            ["p99 of the last against the first", Figure.Of(last.P99 / first.P99, 2)],
            ["held when all was answered", string.Join(", ", Left.Select(left => $"{left.Key} {left.Value}"))],
        ];
        return $"{machine.Description}, commit {machine.Commit}\n\n```\n{command}\n```\n\n"
            + MarkdownTable.Of([$"{Figure.Of(Length.TotalMinutes, 0)} minutes", "value"], figures)
            + "\n"
            + MarkdownTable.Of(
                ["requests", "all", "by outcome"],
                Tallies.Select(tally => (string[])[tally.Name, Figure.Of(tally.Outcomes.Values.Sum()), Outcomes(tally)])
            );
    }

    private Percentiles Latency(TimeSpan from, TimeSpan to) =>
        Percentiles.Of(Tallies[0].Answers.Where(answer => answer.At >= from && answer.At < to).Select(answer => answer.Latency));

    private static string Outcomes(SoakTally tally) =>
        string.Join(
            ", ",
            tally.Outcomes.OrderBy(outcome => outcome.Key, StringComparer.Ordinal).Select(outcome => $"{outcome.Value} × {outcome.Key}")
        );

    private static string Text(Percentiles ranks) => $"{Figure.Of(ranks.P50, 1)} ms, {Figure.Of(ranks.P99, 1)} ms";

    private static bool IsStatus(string outcome) => int.TryParse(outcome, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static double Square(double value) => value * value;
}
