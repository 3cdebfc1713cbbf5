using System.Text.Json.Serialization;

namespace Saccade.Training.Recipes;

/// <summary>How the colours of a training crop are distorted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PhotometricKind>))]
public enum PhotometricKind
{
    /// <summary>Not at all.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>Brightness, contrast and colour as Pillow enhances them, in random order (Howard 2013, used by GoogLeNet).</summary>
    [JsonStringEnumMemberName("howard")]
    Howard,

    /// <summary>Brightness, saturation, hue and contrast, in one of two orders (TensorFlow's Inception code, architectures.md
    /// §3.3).</summary>
    [JsonStringEnumMemberName("inception")]
    Inception,
}
