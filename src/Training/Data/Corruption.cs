using System.Text.Json.Serialization;

namespace Saccade.Training.Data;

/// <summary>What may have happened to a photograph before it is classified.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Corruption>))]
public enum Corruption
{
    /// <summary>Compressed as JPEG of quality 30, chroma at half resolution.</summary>
    [JsonStringEnumMemberName("jpeg")]
    Jpeg,

    /// <summary>A Gaussian blur; σ is a thirty-second of the shorter side, 1 pixel of CIFAR-10.</summary>
    [JsonStringEnumMemberName("blur")]
    Blur,

    /// <summary>Gaussian noise in each channel of each pixel, σ 0.08 of full scale (severity 3 of CIFAR-10-C).</summary>
    [JsonStringEnumMemberName("noise")]
    Noise,

    /// <summary>Half as bright.</summary>
    [JsonStringEnumMemberName("dark")]
    Dark,

    /// <summary>Half as bright again, cut off at white.</summary>
    [JsonStringEnumMemberName("bright")]
    Bright,
}
