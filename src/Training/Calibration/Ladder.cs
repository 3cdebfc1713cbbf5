using Saccade.Inference;
using Saccade.Inference.Looks;

namespace Saccade.Training.Calibration;

/// <summary>A way of looking on, round by round.</summary>
/// <param name="Rounds">In order; at least one.</param>
internal sealed record Ladder(IReadOnlyList<LadderRound> Rounds)
{
    private static readonly CropMode[] Following = [CropMode.Single, CropMode.Twelve, CropMode.Gross];

    /// <summary>Those of some plans that follow each other when thresholds are searched: each has the one before in it, or nearly.</summary>
    public static IReadOnlyList<CropMode> ChainAmong(IReadOnlyList<CropMode> plans) => [.. Following.Intersect(plans)];

    /// <summary>The rounds of a policy, for a table whose members' chains are <see cref="ChainOf"/>.</summary>
    public static Ladder Of(AutoPolicy policy, IReadOnlyList<string> members)
    {
        var depths = members.Select(_ => LadderRound.Idle).ToArray();
        return new([.. policy.Rounds.Select(round => new LadderRound(
            [.. members.Select((name, member) => round.Members?.Contains(name) ?? true ? ++depths[member] : LadderRound.Idle)]))]);
    }

    /// <summary>The plans by which a policy has a member look, in order.</summary>
    public static IReadOnlyList<CropMode> ChainOf(AutoPolicy policy, string member) =>
        [.. policy.Rounds.Where(round => round.Members?.Contains(member) ?? true).Select(round => Crops(round.Crops))];

    /// <summary>How far along its chain each member has looked after a round.</summary>
    public IReadOnlyList<int> DepthsAfter(int round) =>
        [.. Enumerable.Range(0, Rounds[0].Depths.Count).Select(member => Rounds.Take(round + 1).Max(done => done.Depths[member]))];

    /// <summary>The policy that looks like this.</summary>
    /// <param name="rule">What makes an answer sure.</param>
    /// <param name="sure">How sure ends each round but the last.</param>
    /// <param name="members">Names.</param>
    /// <param name="chain">The plans that depths count along.</param>
    public AutoPolicy ToPolicy(StopRule rule, IReadOnlyList<double> sure, IReadOnlyList<string> members, IReadOnlyList<CropMode> chain) => new()
    {
        Rule = rule,
        Rounds = [.. Rounds.Select((round, index) => new AutoRound(chain[round.Depths.Max()].ToString())
        {
            Members = round.Depths.Contains(LadderRound.Idle) ? [.. members.Where((_, member) => round.Depths[member] >= 0)] : null,
            Sure = index < Rounds.Count - 1 ? sure[index] : null,
        })],
    };

    /// <summary>The ways worth trying: members one by one or together, the best first or the cheapest first, then more crops.</summary>
    /// <param name="orders">Orders of the members to begin with.</param>
    /// <param name="plans">How many plans there are to go along.</param>
    public static IEnumerable<Ladder> Candidates(IEnumerable<IReadOnlyList<int>> orders, int plans) =>
        Candidates(orders).Where(ladder => ladder.Rounds.Max(round => round.Depths.Max()) < plans);

    private static IEnumerable<Ladder> Candidates(IEnumerable<IReadOnlyList<int>> orders)
    {
        foreach (var order in orders)
        {
            var all = order.Count;
            LadderRound[] oneByOne = [.. order.Select(member => LadderRound.Of(all, [member], depth: 0))];
            LadderRound first = oneByOne[0];
            LadderRound[][] heads = all == 1
                ? [oneByOne]
                : [oneByOne, [first, LadderRound.Of(all, [.. order.Skip(1)], depth: 0)], [LadderRound.Of(all, order, depth: 0)]];
            LadderRound few = LadderRound.Of(all, order, depth: 1);
            LadderRound many = LadderRound.Of(all, order, depth: 2);
            foreach (var head in heads)
            {
                yield return new(head);
                yield return new([.. head, few]);
                yield return new([.. head, few, many]);
            }

            if (all == 1) continue;
            var firstAgain = LadderRound.Of(all, [order[0]], depth: 1);
            LadderRound others = LadderRound.Of(all, [.. order.Skip(1)], depth: 0);
            yield return new([first, firstAgain, others]);
            yield return new([first, firstAgain, others, few]);
            yield return new([first, firstAgain, others, few, many]);
        }
    }

    private static CropMode Crops(string text) =>
        CropMode.TryParse(text, out var mode) ? mode : throw new InvalidDataException($"auto.rounds: '{text}' is no number of crops.");
}

/// <summary>One round.</summary>
/// <param name="Depths">For each member how far along its chain it has looked after this round; <see cref="Idle"/> if it does not look.</param>
internal sealed record LadderRound(IReadOnlyList<int> Depths)
{
    /// <summary>A member that does not look in a round.</summary>
    public const int Idle = -1;

    /// <summary>A round in which some members look as far as <paramref name="depth"/>.</summary>
    public static LadderRound Of(int all, IReadOnlyList<int> members, int depth) =>
        new([.. Enumerable.Range(0, all).Select(member => members.Contains(member) ? depth : Idle)]);
}
