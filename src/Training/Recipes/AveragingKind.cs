using System.Text.Json.Serialization;

namespace Saccade.Training.Recipes;

/// <summary>Which mean of the iterates is kept beside the trained weights.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AveragingKind>))]
public enum AveragingKind
{
    /// <summary>None: the last iterate is the result.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>Exponential, with TensorFlow's warm-up of the decay.</summary>
    [JsonStringEnumMemberName("ema")]
    Ema,

    /// <summary>Polyak: the uniform mean of all iterates from a given epoch on.</summary>
    [JsonStringEnumMemberName("polyak")]
    Polyak,
}
