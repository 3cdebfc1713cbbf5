namespace Saccade.Training.Import;

/// <summary>What images went through before the network saw them, by the custom of whoever trained it.</summary>
public enum PreprocessingKind
{
    /// <summary>RGB, 0 to 1, ImageNet's mean and deviation.</summary>
    Torchvision,

    /// <summary>RGB, −1 to 1: Keras, TensorFlow, timm's ports of those, and Xception everywhere.</summary>
    Tf,

    /// <summary>BGR, 0 to 255, less the mean colour.</summary>
    Caffe,

    /// <summary>RGB, 0 to 1 and nothing else.</summary>
    ZeroOne,
}
