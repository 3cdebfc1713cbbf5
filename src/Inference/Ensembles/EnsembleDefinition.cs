using System.Text.Json.Serialization;
using Saccade.Inference.Looks;

namespace Saccade.Inference.Ensembles;

/// <summary><c>ensemble.json</c>: models that answer together, by the weighted mean of their probabilities (docs/model-bundle.md).</summary>
public sealed record EnsembleDefinition
{
    /// <summary>Who looks; at least one.</summary>
    public required IReadOnlyList<EnsembleMember> Members { get; init; }

    /// <summary>How the members' answers become one.</summary>
    public EnsembleCombination Combine { get; init; }

    /// <summary>What becomes of a request when a member cannot answer; null means what the configuration says (<c>Ensembles:WhenMissing</c>).</summary>
    public WhenMissing? WhenMissing { get; init; }

    /// <summary>How <c>auto</c> looks; null means the rounds that every ensemble has.</summary>
    public AutoPolicy? Auto { get; init; }

    /// <summary>Measured accuracy; null when it was never measured.</summary>
    public Models.ManifestAccuracy? Accuracy { get; init; }

    /// <summary>What members are called in answers: their model's name, with the version where one model is there in two.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> MemberNames =>
        [.. Members.Select(member => Members.Count(other => other.Model == member.Model) == 1 ? member.Model : $"{member.Model}/{member.Version ?? "default"}")];
}

/// <summary>A member of an ensemble.</summary>
/// <param name="Model">Name of a served model.</param>
/// <param name="Version">Its version; null means the one that is served by default, whichever that is at the moment.</param>
/// <param name="Weight">How much its answer counts beside the others', positive.</param>
public sealed record EnsembleMember(string Model, [property: JsonConverter(typeof(VersionConverter))] string? Version = null, double Weight = 1);

/// <summary>How the members' answers become one.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EnsembleCombination>))]
public enum EnsembleCombination
{
    /// <summary>The weighted mean of the members' probabilities (GoogLeNet §7).</summary>
    [JsonStringEnumMemberName("mean-probability")]
    MeanProbability,
}

/// <summary>What becomes of a request when a member of the ensemble fails, is late or is not served.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WhenMissing>))]
public enum WhenMissing
{
    /// <summary>The request is refused for that member's reason.</summary>
    [JsonStringEnumMemberName("refuse")]
    Refuse,

    /// <summary>The others answer, and the answer says who is missing.</summary>
    [JsonStringEnumMemberName("answer")]
    Answer,
}
