using System.Text.Json.Serialization;

namespace Saccade.Training.Recipes;

/// <summary>What a training step computes in.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PrecisionKind>))]
public enum PrecisionKind
{
    /// <summary>32-bit floats.</summary>
    [JsonStringEnumMemberName("fp32")]
    Float32,

    /// <summary>bfloat16 from the pixels to the last grid: the range of a float with 8 bits of precision. Pays where the processor has
    /// AVX-512 BF16.</summary>
    [JsonStringEnumMemberName("bf16")]
    BFloat16,
}
