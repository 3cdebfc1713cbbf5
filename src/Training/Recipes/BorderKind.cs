using System.Text.Json.Serialization;

namespace Saccade.Training.Recipes;

/// <summary>What lies outside an image.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BorderKind>))]
public enum BorderKind
{
    /// <summary>Black.</summary>
    [JsonStringEnumMemberName("black")]
    Black,

    /// <summary>The image mirrored at its edge, which is not repeated.</summary>
    [JsonStringEnumMemberName("reflect")]
    Reflect,
}
