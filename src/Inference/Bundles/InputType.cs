using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

/// <summary>Element type of the input tensor.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InputType>))]
public enum InputType
{
    /// <summary>Normalised 32-bit floats.</summary>
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>Raw 0…255 pixels; the graph normalises.</summary>
    [JsonStringEnumMemberName("uint8")]
    UInt8,
}
