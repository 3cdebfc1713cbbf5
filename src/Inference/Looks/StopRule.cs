using System.Text.Json.Serialization;

namespace Saccade.Inference.Looks;

/// <summary>What makes an answer sure: how a number from 0 (no idea) to 1 (no doubt) is made of what the looks say.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StopRule>))]
public enum StopRule
{
    /// <summary>The best class's probability less the second's.</summary>
    [JsonStringEnumMemberName("margin")]
    Margin,

    /// <summary>1 less the probabilities' entropy as a share of the largest there could be.</summary>
    [JsonStringEnumMemberName("entropy")]
    Entropy,

    /// <summary>The share of looks whose own best class is the answer's; members count by their weight. One look agrees with nothing: 0.</summary>
    [JsonStringEnumMemberName("agreement")]
    Agreement,
}
