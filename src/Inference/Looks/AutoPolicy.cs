namespace Saccade.Inference.Looks;

/// <summary>How <c>auto</c> looks: round by round until the answer is sure enough. Part of <c>manifest.json</c> and <c>ensemble.json</c>.</summary>
public sealed record AutoPolicy
{
    private const int MostRounds = 16;

    /// <summary>What makes an answer sure.</summary>
    public StopRule Rule { get; init; } = StopRule.Margin;

    /// <summary>The rounds in order; at least one.</summary>
    public required IReadOnlyList<AutoRound> Rounds { get; init; }

    /// <summary>What <c>evaluate --calibrate</c> measured of these rounds; null for those written by hand.</summary>
    public AutoMeasurement? Measured { get; init; }

    /// <summary>For a model that was never calibrated: one look, twelve, 144.</summary>
    /// <remarks>The thresholds are a guess on the cautious side; <c>evaluate --calibrate</c> finds those of a model.</remarks>
    public static AutoPolicy OfModel { get; } = new() { Rounds = [new("1") { Sure = 0.9 }, new("12") { Sure = 0.5 }, new("144")] };

    /// <summary>For an ensemble that was never calibrated: the first member, then all, then all twelve times, then all 144 times.</summary>
    /// <param name="members">Names of the members, in their order.</param>
    public static AutoPolicy OfEnsemble(IReadOnlyList<string> members) => new()
    {
        Rounds =
        [
            new("1") { Members = [members[0]], Sure = 0.9 },
            new("1") { Sure = 0.7 },
            new("12") { Sure = 0.5 },
            new("144"),
        ],
    };

    /// <summary>What is wrong with it, one sentence each; empty when it is sound.</summary>
    /// <param name="members">Names of an ensemble's members; null for a model.</param>
    internal IEnumerable<string> Problems(IReadOnlyList<string>? members)
    {
        if (Rounds.Count is 0 or > MostRounds) yield return $"auto.rounds must be 1 to {MostRounds}.";
        foreach (var round in Rounds)
        {
            if (!CropMode.TryParse(round.Crops, out var mode) || mode.IsAuto) yield return $"auto.rounds: crops '{round.Crops}' is no number of crops.";
            if (round.Sure is not (null or (>= 0 and <= 1))) yield return "auto.rounds: sure must be 0 to 1.";
            if (round.Members is null) continue;
            if (members is null) yield return "auto.rounds: a model has no members.";
            else if (round.Members.Count == 0 || round.Members.Except(members).Any()) yield return $"auto.rounds: members must be some of {string.Join(", ", members)}.";
        }
    }
}

/// <summary>One round of looks.</summary>
/// <param name="Crops">The plan to look by, such as <c>1</c>, <c>12</c> or <c>144</c>. Crops that were looked at before are not looked at again.</param>
public sealed record AutoRound(string Crops)
{
    /// <summary>Members of an ensemble that look; null means all.</summary>
    public IReadOnlyList<string>? Members { get; init; }

    /// <summary>How sure the answer must be to end after this round, 0 to 1; null means that it never ends here. In the last one it only decides whether the answer is called confident.</summary>
    public double? Sure { get; init; }
}

/// <summary>What was measured of a policy, on pictures that were not used to find it.</summary>
/// <param name="DataSet">Which pictures, and which part of them was used for what.</param>
/// <param name="Images">How many.</param>
/// <param name="Top1">Share of them answered rightly.</param>
/// <param name="Looks">Mean number of looks at a picture.</param>
/// <param name="Compute">Mean multiply-adds for a picture.</param>
public sealed record AutoMeasurement(string DataSet, int Images, double Top1, double Looks, double Compute);
