using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

/// <summary>Order of the colours in the tensor.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChannelOrder>))]
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    [JsonStringEnumMemberName("RGB")]
    Rgb,

    /// <summary>Blue, green, red (Caffe).</summary>
    [JsonStringEnumMemberName("BGR")]
    Bgr,
}
