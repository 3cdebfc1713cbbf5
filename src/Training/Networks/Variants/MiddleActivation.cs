using System.Text.Json.Serialization;

namespace Saccade.Training.Networks.Variants;

/// <summary>What stands between the depthwise and the pointwise half of a separable convolution.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MiddleActivation>))]
public enum MiddleActivation
{
    /// <summary>Nothing: what the paper uses, and best by its measurement.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>A rectifier.</summary>
    [JsonStringEnumMemberName("relu")]
    Relu,

    /// <summary>An exponential linear unit.</summary>
    [JsonStringEnumMemberName("elu")]
    Elu,
}
