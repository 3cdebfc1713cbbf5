using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

/// <summary>Axis order of the input tensor. There are always three colour channels.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InputLayout>))]
public enum InputLayout
{
    /// <summary>Batch, channel, row, column.</summary>
    [JsonStringEnumMemberName("NCHW")]
    Nchw,

    /// <summary>Batch, row, column, channel.</summary>
    [JsonStringEnumMemberName("NHWC")]
    Nhwc,
}
