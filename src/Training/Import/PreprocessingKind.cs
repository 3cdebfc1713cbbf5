using System.Text.Json.Serialization;

namespace Saccade.Training.Import;

/// <summary>What images went through before the network saw them, by the custom of whoever trained it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PreprocessingKind>))]
public enum PreprocessingKind
{
    /// <summary>RGB, 0 to 1, ImageNet's mean and deviation.</summary>
    [JsonStringEnumMemberName("torchvision")]
    Torchvision,

    /// <summary>RGB, −1 to 1: Keras, TensorFlow, timm's ports of those, and Xception everywhere.</summary>
    [JsonStringEnumMemberName("tf")]
    Tf,

    /// <summary>BGR, 0 to 255, less the mean colour.</summary>
    [JsonStringEnumMemberName("caffe")]
    Caffe,

    /// <summary>RGB, 0 to 1 and nothing else.</summary>
    [JsonStringEnumMemberName("zero-one")]
    ZeroOne,
}
