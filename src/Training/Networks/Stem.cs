using System.Text.Json.Serialization;

namespace Saccade.Training.Networks;

/// <summary>
/// How far a network shrinks an image before its first blocks. Szegedy et al. 2015, §4.4, keep those blocks' grid at lower resolution by
/// taking strides and pools out of the front, one after the other; what comes after the front is the same network.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<Stem>))]
public enum Stem
{
    /// <summary>As published (299 pixels in the paper).</summary>
    [JsonStringEnumMemberName("full")]
    Full,

    /// <summary>The first convolution has stride 1 (151 pixels in the paper).</summary>
    [JsonStringEnumMemberName("half")]
    Half,

    /// <summary>The first pool is left out too (79 pixels in the paper).</summary>
    [JsonStringEnumMemberName("quarter")]
    Quarter,

    /// <summary>
    /// Nothing else is left that could go without reaching the blocks, so here every layer is padded as well, and borders cost no rows
    /// (28 and 32 pixels; not in the paper).
    /// </summary>
    [JsonStringEnumMemberName("eighth")]
    Eighth,
}
