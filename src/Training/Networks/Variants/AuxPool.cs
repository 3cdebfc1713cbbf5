using System.Text.Json.Serialization;

namespace Saccade.Training.Networks.Variants;

/// <summary>How GoogLeNet's auxiliary classifiers come from a grid of 14 to one of 4.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuxPool>))]
public enum AuxPool
{
    /// <summary>5×5 windows of stride 3 (the paper); on grids that these don't take to 4, adaptive.</summary>
    [JsonStringEnumMemberName("window")]
    Window,

    /// <summary>Means over an even division of the grid (torchvision).</summary>
    [JsonStringEnumMemberName("adaptive")]
    Adaptive,
}
