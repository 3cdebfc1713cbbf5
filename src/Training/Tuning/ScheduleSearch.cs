using Saccade.Inference.Bundles;

namespace Saccade.Training.Tuning;

/// <summary>Finds the rounds and thresholds of <c>auto</c> that cost least while they are as good as the best fixed plan.</summary>
/// <remarks>
/// What is found fits the images it was found on a little better than others: it must be measured on images that were not used here.
/// Few numbers are fitted to keep that small: a handful of schedules, a rule, and a threshold for each round, first one for all.
/// </remarks>
internal static class ScheduleSearch
{
    private const int Steps = 64;
    private const int Sweeps = 2;
    private const int Decimals = 4;

    /// <param name="table">The members' scores; every member has the same chain.</param>
    /// <param name="fixedPlans">The best of them is what it must be as good as.</param>
    public static FoundSchedule Search(ScoreTable table, IReadOnlyList<CropMode> fixedPlans)
    {
        var reference = FixedPlans.Right(table, fixedPlans.OrderBy(plan => plan.Crops).MaxBy(plan => FixedPlans.Score(table, plan).Top1));
        FoundSchedule? best = null;
        foreach (var schedule in EarlyExitSchedule.Candidates(Orders(table), table.Members[0].Chain.Count))
        {
            var run = ScheduleRun.Of(table, schedule);
            foreach (var rule in Enum.GetValues<ConfidenceRule>())
            {
                var found = Search(schedule, run, rule, reference);
                if (best is null || found.IsBetterThan(best))
                    best = found;
            }
        }

        return best!;
    }

    private static FoundSchedule Search(EarlyExitSchedule schedule, ScheduleRun run, ConfidenceRule rule, bool[] reference)
    {
        double[] grid = [.. Grid(run.ConfidenceAfter(rule, round: 0))];
        var thresholds = new double[schedule.Rounds.Count - 1];
        FoundSchedule? best = null;
        foreach (var threshold in grid)
        {
            Array.Fill(thresholds, threshold);
            Try();
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var round = 0; round < thresholds.Length; round++)
            {
                foreach (var threshold in grid)
                {
                    best!.Thresholds.CopyTo(thresholds, 0);
                    thresholds[round] = threshold;
                    Try();
                }
            }
        }

        return best!;

        void Try()
        {
            var found = new FoundSchedule(schedule, rule, [.. thresholds], run.Stop(rule, thresholds, reference));
            if (best is null || found.IsBetterThan(best))
                best = found;
        }
    }

    /// <summary>Thresholds that end the first round for one more sixty-fourth of the images each.</summary>
    private static IEnumerable<double> Grid(IEnumerable<double> confidence)
    {
        double[] sorted = [.. confidence.Order()];
        return Enumerable
            .Range(0, Steps + 1)
            .Select(step =>
                Math.Round(sorted[(int)((long)step * (sorted.Length - 1) / Steps)], Decimals, MidpointRounding.ToPositiveInfinity)
            )
            .Append(1)
            .Select(threshold => Math.Clamp(threshold, 0, 1))
            .Distinct();
    }

    private static List<IReadOnlyList<int>> Orders(ScoreTable table)
    {
        var members = Enumerable.Range(0, table.Members.Count).ToArray();
        List<IReadOnlyList<int>> orders =
        [
            [.. members.OrderByDescending(member => FixedPlans.Score(table, CropMode.Single, member).Top1)],
        ];
        int[] cheapest = [.. members.OrderBy(member => table.Members[member].Macs)];
        if (!cheapest.SequenceEqual(orders[0]))
            orders.Add(cheapest);
        return orders;
    }
}

/// <summary>A schedule with its thresholds, and what it came to on the images it was found on.</summary>
/// <param name="Schedule">The rounds.</param>
/// <param name="Rule">How confidence is computed.</param>
/// <param name="Thresholds">The confidence that ends each round but the last.</param>
/// <param name="Outcome">What it came to.</param>
internal sealed record FoundSchedule(EarlyExitSchedule Schedule, ConfidenceRule Rule, double[] Thresholds, ScheduleOutcome Outcome)
{
    // Without a margin for chance the cheapest schedule that was lucky on these images would win, and be worse on others.
    private const double Tolerance = 0.001;

    private bool IsAsGood => Outcome.Assured >= -Tolerance;

    /// <summary>Cheaper of two that are as good as the reference within 0.1 points, two standard errors included; otherwise the one that
    /// comes nearest to that.</summary>
    public bool IsBetterThan(FoundSchedule other)
    {
        if (IsAsGood != other.IsAsGood)
            return IsAsGood;
        if (!IsAsGood && Outcome.Assured != other.Outcome.Assured)
            return Outcome.Assured > other.Outcome.Assured;
        return Outcome.Macs != other.Outcome.Macs ? Outcome.Macs < other.Outcome.Macs : Schedule.Rounds.Count < other.Schedule.Rounds.Count;
    }
}
