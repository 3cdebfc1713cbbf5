using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

/// <summary>Resampling filters, as Pillow defines them (antialiased when shrinking).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Interpolation>))]
public enum Interpolation
{
    /// <summary>Triangle, support 1.</summary>
    [JsonStringEnumMemberName("bilinear")]
    Bilinear,

    /// <summary>Cubic with a = −0.5, support 2.</summary>
    [JsonStringEnumMemberName("bicubic")]
    Bicubic,
}
