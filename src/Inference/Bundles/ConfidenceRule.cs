using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

/// <summary>How the confidence of an answer, 0 (no idea) to 1 (no doubt), is computed from what the crops say.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConfidenceRule>))]
public enum ConfidenceRule
{
    /// <summary>The best class's probability less the second's.</summary>
    [JsonStringEnumMemberName("margin")]
    Margin,

    /// <summary>1 less the probabilities' entropy as a share of the largest there could be.</summary>
    [JsonStringEnumMemberName("entropy")]
    Entropy,

    /// <summary>
    /// The share of crops whose own best class is the answer's; members count by their weight. One crop agrees with nothing: 0.
    /// </summary>
    [JsonStringEnumMemberName("agreement")]
    Agreement,
}
