using System.Text.Json.Serialization;

namespace Saccade.Training.Networks.Variants;

/// <summary>What the pool branch of Inception-v3's last block takes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LastPool>))]
public enum LastPool
{
    /// <summary>The mean.</summary>
    [JsonStringEnumMemberName("average")]
    Average,

    /// <summary>The maximum.</summary>
    [JsonStringEnumMemberName("max")]
    Max,
}
