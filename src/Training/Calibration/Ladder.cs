using Saccade.Inference.Bundles;

namespace Saccade.Training.Calibration;

/// <summary>A way of looking on, round by round.</summary>
/// <param name="Rounds">In order; at least one.</param>
internal sealed record Ladder(IReadOnlyList<LadderRound> Rounds)
{
    /// <summary>Those of some plans that follow each other when thresholds are searched: each has the one before in it, or
    /// nearly.</summary>
    public static IReadOnlyList<CropMode> ChainAmong(IReadOnlyList<CropMode> plans) =>
        [.. plans.Where(plan => plan != CropMode.Crops10 || !plans.Contains(CropMode.Crops12)).OrderBy(plan => plan.Crops)];

    /// <summary>The rounds of a policy, for a table whose members' chains are <see cref="ChainOf"/>.</summary>
    public static Ladder Of(EarlyExitPolicy policy, IReadOnlyList<string> members)
    {
        var depths = members.Select(_ => LadderRound.Idle).ToArray();
        return new([
            .. policy.Rounds.Select(round => new LadderRound([
                .. members.Select((name, member) => round.Members?.Contains(name) ?? true ? ++depths[member] : LadderRound.Idle),
            ])),
        ]);
    }

    /// <summary>The plans by which a policy has a member look, in order.</summary>
    public static IReadOnlyList<CropMode> ChainOf(EarlyExitPolicy policy, string member) =>
        [.. policy.Rounds.Where(round => round.Members?.Contains(member) ?? true).Select(round => Crops(round.Crops))];

    /// <summary>How far along its chain each member has looked after a round.</summary>
    public IReadOnlyList<int> DepthsAfter(int round) =>
        [.. Enumerable.Range(0, Rounds[0].Depths.Count).Select(member => Rounds.Take(round + 1).Max(done => done.Depths[member]))];

    /// <summary>The policy that looks like this.</summary>
    /// <param name="rule">What makes an answer sure.</param>
    /// <param name="sure">How sure ends each round but the last.</param>
    /// <param name="members">Names.</param>
    /// <param name="chain">The plans that depths count along.</param>
    public EarlyExitPolicy ToPolicy(
        ConfidenceRule rule,
        IReadOnlyList<double> sure,
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
                            Members = round.Depths.Contains(LadderRound.Idle)
                                ? [.. members.Where((_, member) => round.Depths[member] >= 0)]
                                : null,
                            Confidence = index < Rounds.Count - 1 ? sure[index] : null,
                        }
                ),
            ],
        };

    /// <summary>The ways worth trying: members one by one or together, the best first or the cheapest first, then more crops.</summary>
    /// <param name="orders">Orders of the members to begin with.</param>
    /// <param name="plans">How many plans there are to go along.</param>
    public static IEnumerable<Ladder> Candidates(IEnumerable<IReadOnlyList<int>> orders, int plans) =>
        from order in orders
        from head in Heads(order)
        from deepest in Enumerable.Range(0, plans)
        let tail = Enumerable.Range(1, deepest).Select(depth => LadderRound.Of(order.Count, order, depth))
        where head.Max(round => round.Depths.Max()) < plans
        select new Ladder([.. head, .. tail]);

    /// <summary>First rounds: by one look each, member by member, one and then the others, or all; and one by more looks before the others
    /// are asked.</summary>
    private static IEnumerable<LadderRound[]> Heads(IReadOnlyList<int> order)
    {
        var all = order.Count;
        yield return [.. order.Select(member => LadderRound.Of(all, [member], depth: 0))];
        if (all == 1)
            yield break;

        var first = LadderRound.Of(all, [order[0]], depth: 0);
        var others = LadderRound.Of(all, [.. order.Skip(1)], depth: 0);
        yield return [first, others];
        yield return [LadderRound.Of(all, order, depth: 0)];
        yield return [first, LadderRound.Of(all, [order[0]], depth: 1), others];
    }

    private static CropMode Crops(string text) =>
        CropMode.TryParse(text, out var mode) ? mode : throw new InvalidDataException($"earlyExit.rounds: '{text}' is no number of crops.");
}

/// <summary>One round.</summary>
/// <param name="Depths">For each member how far along its chain it has looked after this round; <see cref="Idle"/> if it does not
/// look.</param>
internal sealed record LadderRound(IReadOnlyList<int> Depths)
{
    /// <summary>A member that does not look in a round.</summary>
    public const int Idle = -1;

    /// <summary>A round in which some members look as far as <paramref name="depth"/>.</summary>
    public static LadderRound Of(int all, IReadOnlyList<int> members, int depth) =>
        new([.. Enumerable.Range(0, all).Select(member => members.Contains(member) ? depth : Idle)]);
}
