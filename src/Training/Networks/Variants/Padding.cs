using System.Text.Json.Serialization;

namespace Saccade.Training.Networks.Variants;

/// <summary>How layers of stride 2 are padded where the grid is even; on odd grids both ways are the same.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Padding>))]
public enum Padding
{
    /// <summary>The same at both ends, as Caffe and torch do.</summary>
    [JsonStringEnumMemberName("symmetric")]
    Symmetric,

    /// <summary>TensorFlow's "SAME": what is odd goes to the end.</summary>
    [JsonStringEnumMemberName("same")]
    Same,
}
