using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

/// <summary>
/// <c>ensemble.json</c>: models that answer together, by the weighted mean of their probabilities (docs/model-bundle.md).
/// </summary>
public sealed record EnsembleDefinition
{
    /// <summary>The models; at least one.</summary>
    public required IReadOnlyList<EnsembleMember> Members { get; init; }

    /// <summary>How the members' answers become one.</summary>
    public EnsembleCombination Combine { get; init; }

    /// <summary>
    /// What becomes of a request when a member cannot answer; null means what the configuration says (<c>Ensembles:WhenMissing</c>).
    /// </summary>
    public WhenMissing? WhenMissing { get; init; }

    /// <summary>The rounds of <c>auto</c>; null means the rounds that every ensemble has.</summary>
    public EarlyExitPolicy? EarlyExit { get; init; }

    /// <summary>Measured accuracy; null when it was never measured.</summary>
    public ManifestAccuracy? Accuracy { get; init; }

    /// <summary>What members are called in answers: their model's name, with the version where one model is there in two.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> MemberNames =>
        [
            .. Members.Select(member =>
                Members.Count(other => other.Model == member.Model) == 1 ? member.Model : $"{member.Model}/{member.Version ?? "default"}"
            ),
        ];
}
