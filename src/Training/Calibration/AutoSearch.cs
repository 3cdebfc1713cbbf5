using Saccade.Inference.Bundles;

namespace Saccade.Training.Calibration;

/// <summary>Finds the rounds and thresholds of <c>auto</c> that cost least while they are as good as the best fixed plan.</summary>
/// <remarks>
/// What is found fits the pictures it was found on a little better than others: it must be measured on pictures that were not used here.
/// Few numbers are fitted to keep that small: a handful of ladders, a rule, and a threshold for each round, first one for all.
/// </remarks>
internal static class AutoSearch
{
    private const int Steps = 64;
    private const int Sweeps = 2;
    private const int Decimals = 4;

    /// <summary>Searches.</summary>
    /// <param name="table">What everybody said; every member has the same chain.</param>
    /// <param name="fixedPlans">The best of them is what it must be as good as.</param>
    public static AutoFound Search(LookTable table, IReadOnlyList<CropMode> fixedPlans)
    {
        var reference = FixedPlans.Right(table, fixedPlans.OrderBy(plan => plan.Crops).MaxBy(plan => FixedPlans.Score(table, plan).Top1));
        AutoFound? best = null;
        foreach (var ladder in Ladder.Candidates(Orders(table), table.Members[0].Chain.Count))
        {
            var run = LadderRun.Of(table, ladder);
            foreach (var rule in Enum.GetValues<ConfidenceRule>())
            {
                var found = Search(ladder, run, rule, reference);
                if (best is null || found.IsBetterThan(best))
                    best = found;
            }
        }

        return best!;
    }

    private static AutoFound Search(Ladder ladder, LadderRun run, ConfidenceRule rule, bool[] reference)
    {
        double[] grid = [.. Grid(run.CertaintyAfter(rule, round: 0))];
        var sure = new double[ladder.Rounds.Count - 1];
        AutoFound? best = null;
        foreach (var threshold in grid)
        {
            Array.Fill(sure, threshold);
            Try();
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var round = 0; round < sure.Length; round++)
            {
                foreach (var threshold in grid)
                {
                    best!.Sure.CopyTo(sure, 0);
                    sure[round] = threshold;
                    Try();
                }
            }
        }

        return best!;

        void Try()
        {
            var found = new AutoFound(ladder, rule, [.. sure], run.Stop(rule, sure, reference));
            if (best is null || found.IsBetterThan(best))
                best = found;
        }
    }

    /// <summary>Thresholds that end the first round for one more sixty-fourth of the pictures each.</summary>
    private static IEnumerable<double> Grid(IEnumerable<double> certainty)
    {
        double[] sorted = [.. certainty.Order()];
        return Enumerable
            .Range(0, Steps + 1)
            .Select(step =>
                Math.Round(sorted[(int)((long)step * (sorted.Length - 1) / Steps)], Decimals, MidpointRounding.ToPositiveInfinity)
            )
            .Append(1)
            .Select(threshold => Math.Clamp(threshold, 0, 1))
            .Distinct();
    }

    private static List<IReadOnlyList<int>> Orders(LookTable table)
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

/// <summary>A way of looking, and what it came to on the pictures it was found on.</summary>
/// <param name="Ladder">The rounds.</param>
/// <param name="Rule">What makes an answer sure.</param>
/// <param name="Sure">How sure ends each round but the last.</param>
/// <param name="Outcome">What it came to.</param>
internal sealed record AutoFound(Ladder Ladder, ConfidenceRule Rule, double[] Sure, LadderOutcome Outcome)
{
    // Without a margin for chance the cheapest way that was lucky on these pictures would win, and be worse on others.
    private const double Tolerance = 0.001;

    private bool IsAsGood => Outcome.Assured >= -Tolerance;

    /// <summary>Cheaper of two that are as good as the reference within 0.1 points, two standard errors included; otherwise the one that
    /// comes nearest to that.</summary>
    public bool IsBetterThan(AutoFound other)
    {
        if (IsAsGood != other.IsAsGood)
            return IsAsGood;
        if (!IsAsGood && Outcome.Assured != other.Outcome.Assured)
            return Outcome.Assured > other.Outcome.Assured;
        return Outcome.Macs != other.Outcome.Macs ? Outcome.Macs < other.Outcome.Macs : Ladder.Rounds.Count < other.Ladder.Rounds.Count;
    }
}
