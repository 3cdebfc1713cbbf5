using Saccade.Inference.Bundles;

namespace Saccade.Training.Tuning;

/// <summary>The rounds of <c>auto</c>: who computes how many crops, round by round.</summary>
/// <param name="Rounds">In order; at least one.</param>
internal sealed record EarlyExitSchedule(IReadOnlyList<ScheduleRound> Rounds)
{
    /// <summary>Those of some plans that follow each other when thresholds are searched: each has the one before in it, or
    /// nearly.</summary>
    public static IReadOnlyList<CropMode> ChainAmong(IReadOnlyList<CropMode> plans) =>
        [.. plans.Where(plan => plan != CropMode.Crops10 || !plans.Contains(CropMode.Crops12)).OrderBy(plan => plan.Crops)];

    /// <summary>The rounds of a policy, for a table whose members' chains are <see cref="ChainOf"/>.</summary>
    public static EarlyExitSchedule Of(EarlyExitPolicy policy, IReadOnlyList<string> members)
    {
        var depths = members.Select(_ => ScheduleRound.Idle).ToArray();
        return new([
            .. policy.Rounds.Select(round => new ScheduleRound([
                .. members.Select((name, member) => round.Members?.Contains(name) ?? true ? ++depths[member] : ScheduleRound.Idle),
            ])),
        ]);
    }

    /// <summary>The plans of a member's rounds in a policy, in order.</summary>
    public static IReadOnlyList<CropMode> ChainOf(EarlyExitPolicy policy, string member) =>
        [.. policy.Rounds.Where(round => round.Members?.Contains(member) ?? true).Select(round => Crops(round.Crops))];

    /// <summary>How far along its chain each member is after a round.</summary>
    public IReadOnlyList<int> DepthsAfter(int round) =>
        [.. Enumerable.Range(0, Rounds[0].Depths.Count).Select(member => Rounds.Take(round + 1).Max(done => done.Depths[member]))];

    /// <summary>This schedule as a policy.</summary>
    /// <param name="rule">How confidence is computed.</param>
    /// <param name="thresholds">The confidence that ends each round but the last.</param>
    /// <param name="members">Names.</param>
    /// <param name="chain">The plans that depths count along.</param>
    public EarlyExitPolicy ToPolicy(
        ConfidenceRule rule,
        IReadOnlyList<double> thresholds,
        IReadOnlyList<string> members,
        IReadOnlyList<CropMode> chain
    ) =>
        new()
        {
            Rule = rule,
            Rounds =
            [
                .. Rounds.Select(
                    (round, index) =>
                        new EarlyExitRound(chain[round.Depths.Max()].ToString())
                        {
                            Members = round.Depths.Contains(ScheduleRound.Idle)
                                ? [.. members.Where((_, member) => round.Depths[member] >= 0)]
                                : null,
                            Confidence = index < Rounds.Count - 1 ? thresholds[index] : null,
                        }
                ),
            ],
        };

    /// <summary>The schedules worth trying: members one by one or together, the best or the cheapest first, then more crops.</summary>
    /// <param name="orders">Orders of the members to begin with.</param>
    /// <param name="plans">How many plans there are to go along.</param>
    public static IEnumerable<EarlyExitSchedule> Candidates(IEnumerable<IReadOnlyList<int>> orders, int plans) =>
        from order in orders
        from head in Heads(order)
        from deepest in Enumerable.Range(0, plans)
        let tail = Enumerable.Range(1, deepest).Select(depth => ScheduleRound.Of(order.Count, order, depth))
        where head.Max(round => round.Depths.Max()) < plans
        select new EarlyExitSchedule([.. head, .. tail]);

    /// <summary>First rounds: one crop each, member by member, one and then the others, or all; and one by more crops before the others
    /// are asked.</summary>
    private static IEnumerable<ScheduleRound[]> Heads(IReadOnlyList<int> order)
    {
        var all = order.Count;
        yield return [.. order.Select(member => ScheduleRound.Of(all, [member], depth: 0))];
        if (all == 1)
            yield break;

        var first = ScheduleRound.Of(all, [order[0]], depth: 0);
        var others = ScheduleRound.Of(all, [.. order.Skip(1)], depth: 0);
        yield return [first, others];
        yield return [ScheduleRound.Of(all, order, depth: 0)];
        yield return [first, ScheduleRound.Of(all, [order[0]], depth: 1), others];
    }

    private static CropMode Crops(string text) =>
        CropMode.TryParse(text, out var mode) ? mode : throw new InvalidDataException($"earlyExit.rounds: '{text}' is no number of crops.");
}

/// <param name="Depths">For each member how far along its chain it is after this round; <see cref="Idle"/> if it has no part in
/// it.</param>
internal sealed record ScheduleRound(IReadOnlyList<int> Depths)
{
    /// <summary>A member without a part in a round.</summary>
    public const int Idle = -1;

    /// <summary>A round in which some members go as far as <paramref name="depth"/>.</summary>
    public static ScheduleRound Of(int all, IReadOnlyList<int> members, int depth) =>
        new([.. Enumerable.Range(0, all).Select(member => members.Contains(member) ? depth : Idle)]);
}
