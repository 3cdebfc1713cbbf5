namespace Saccade.Inference.Bundles;

/// <summary>
/// The rounds of <c>auto</c>, which end once the answer is confident enough. Part of <c>manifest.json</c> and <c>ensemble.json</c>.
/// </summary>
public sealed record EarlyExitPolicy
{
    private const int MostRounds = 16;

    /// <summary>How confidence is computed.</summary>
    public ConfidenceRule Rule { get; init; } = ConfidenceRule.Margin;

    /// <summary>The rounds in order; at least one.</summary>
    public required IReadOnlyList<EarlyExitRound> Rounds { get; init; }

    /// <summary>What <c>evaluate --tune</c> measured of these rounds; null for those written by hand.</summary>
    public EarlyExitMeasurement? Measured { get; init; }

    /// <summary>For a model that was never measured: one crop, twelve, 144.</summary>
    /// <remarks>The thresholds are a guess on the cautious side; <c>evaluate --tune</c> finds those of a model.</remarks>
    public static EarlyExitPolicy ForModel { get; } =
        new() { Rounds = [new("1") { Confidence = 0.9 }, new("12") { Confidence = 0.5 }, new("144")] };

    /// <summary>For an ensemble that was never measured: the first member, then all, then all twelve times, then all 144 times.</summary>
    /// <param name="members">Names of the members, in their order.</param>
    public static EarlyExitPolicy ForEnsemble(IReadOnlyList<string> members) =>
        new()
        {
            Rounds =
            [
                new("1") { Members = [members[0]], Confidence = 0.9 },
                new("1") { Confidence = 0.7 },
                new("12") { Confidence = 0.5 },
                new("144"),
            ],
        };

    /// <summary>What is wrong with it, one sentence each; empty when it is sound.</summary>
    /// <param name="members">Names of an ensemble's members; null for a model.</param>
    internal IEnumerable<string> Problems(IReadOnlyList<string>? members)
    {
        if (Rounds.Count is 0 or > MostRounds)
            yield return $"earlyExit.rounds must be 1 to {MostRounds}.";
        foreach (var round in Rounds)
        {
            if (!CropMode.TryParse(round.Crops, out var mode) || mode.IsAuto)
                yield return $"earlyExit.rounds: crops '{round.Crops}' is no number of crops.";
            if (round.Confidence is not (null or (>= 0 and <= 1)))
                yield return "earlyExit.rounds: confidence must be 0 to 1.";
            if (round.Members is null)
                continue;
            if (members is null)
                yield return "earlyExit.rounds: a model has no members.";
            else if (round.Members.Count == 0 || round.Members.Except(members).Any())
                yield return $"earlyExit.rounds: members must be some of {string.Join(", ", members)}.";
        }
    }
}
