using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

/// <summary>
/// Number format of a graph's weights. Input and output are what <see cref="ManifestInput"/> says and 32-bit floats, whatever this is.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<Precision>))]
public enum Precision
{
    /// <summary>32-bit floats.</summary>
    [JsonStringEnumMemberName("fp32")]
    Fp32,

    /// <summary>16-bit floats.</summary>
    [JsonStringEnumMemberName("fp16")]
    Fp16,

    /// <summary>8-bit integers with a scale for each output channel; activations too.</summary>
    [JsonStringEnumMemberName("int8")]
    Int8,
}
