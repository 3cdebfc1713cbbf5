using System.Text.Json.Serialization;

namespace Saccade.Training.Recipes;

/// <summary>Where a training crop is taken from the image.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CropKind>))]
public enum CropKind
{
    /// <summary>The same centre crop as in evaluation.</summary>
    [JsonStringEnumMemberName("centre")]
    Centre,

    /// <summary>The evaluation's crop moved by up to some pixels each way; what lies outside the image is black.</summary>
    [JsonStringEnumMemberName("shift")]
    Shift,

    /// <summary>A window of the input's size anywhere in the image as evaluation resizes it (Caffe's random crop).</summary>
    [JsonStringEnumMemberName("window")]
    Window,

    /// <summary>A box of random area and aspect ratio, resized to the input (GoogLeNet §6).</summary>
    [JsonStringEnumMemberName("random-resized")]
    RandomResized,

    /// <summary>For each sample a shifted crop or a resized box, by a fair coin.</summary>
    [JsonStringEnumMemberName("shift-or-resized")]
    ShiftOrResized,
}
