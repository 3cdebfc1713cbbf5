using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

/// <summary>How the members' answers become one.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EnsembleCombination>))]
public enum EnsembleCombination
{
    /// <summary>The weighted mean of the members' probabilities (GoogLeNet §7).</summary>
    [JsonStringEnumMemberName("mean-probability")]
    MeanProbability,
}
