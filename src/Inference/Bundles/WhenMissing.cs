using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

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
