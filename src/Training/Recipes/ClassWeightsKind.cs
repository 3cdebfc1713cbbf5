using System.Text.Json.Serialization;

namespace Saccade.Training.Recipes;

/// <summary>How much an image counts in the loss, by its class.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClassWeightsKind>))]
public enum ClassWeightsKind
{
    /// <summary>All alike.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>In inverse proportion to the images of its class, 1 on average.</summary>
    [JsonStringEnumMemberName("balanced")]
    Balanced,
}
