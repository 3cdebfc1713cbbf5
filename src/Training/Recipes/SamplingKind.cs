using System.Text.Json.Serialization;

namespace Saccade.Training.Recipes;

/// <summary>How often an epoch shows an image.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SamplingKind>))]
public enum SamplingKind
{
    /// <summary>Every image once.</summary>
    [JsonStringEnumMemberName("plain")]
    Plain,

    /// <summary>Every class equally often, in as many images as there are: those of small classes several times, of large ones not
    /// all.</summary>
    [JsonStringEnumMemberName("balanced")]
    Balanced,
}
