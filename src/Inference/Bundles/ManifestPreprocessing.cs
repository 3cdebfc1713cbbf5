namespace Saccade.Inference.Bundles;

/// <summary>From a decoded image to the input tensor: resize, crop, then (pixel / 255 × <paramref name="Scale"/> − mean) / std.</summary>
/// <param name="ResizeShorterSide">
/// The shorter side is resized to this many pixels (aspect kept), then the centre is cropped. Equal to the input size means that the
/// centre square of the whole image is seen.
/// </param>
/// <param name="MultiCropShorterSide">The same for ten crops; must leave room to look around, so larger than the input.</param>
/// <param name="Interpolation">Antialiased filter of the resize.</param>
/// <param name="ChannelOrder">Order of the colours in the tensor.</param>
/// <param name="Scale">What 1.0 of white becomes before mean and std: 1 for torchvision and Keras, 255 for Caffe.</param>
/// <param name="Mean">Subtracted, one per channel in tensor order.</param>
/// <param name="Std">Divided by, one per channel in tensor order.</param>
public sealed record ManifestPreprocessing(
    int ResizeShorterSide,
    int MultiCropShorterSide,
    Interpolation Interpolation,
    ChannelOrder ChannelOrder,
    float Scale,
    IReadOnlyList<float> Mean,
    IReadOnlyList<float> Std
)
{
    /// <summary>
    /// Plans of several crops that this model is to be asked for, by their number; they go before those that every model has.
    /// </summary>
    public IReadOnlyDictionary<string, CropPlanSpec>? CropPlans { get; init; }
}
