using Saccade.Inference.Bundles;

namespace Saccade.Training.Import;

/// <summary>From a decoded image to the input of a published network.</summary>
internal static class PublishedPreprocessing
{
    // Resized to 8/7 of the input: 256 for 224, 342 for 299.
    private const double UsualRoom = 8 / 7.0;

    // Cadene's and timm's: 333 for 299.
    private const double XceptionRoom = 1 / 0.8975;

    private static readonly float[] Half = [0.5f, 0.5f, 0.5f];
    private static readonly float[] One = [1, 1, 1];
    private static readonly float[] Zero = [0, 0, 0];

    /// <summary>The custom that goes with a network's best known weights.</summary>
    public static PreprocessingKind UsualFor(string architecture) =>
        architecture switch
        {
            "googlenet" or "bn-inception" => PreprocessingKind.Caffe,
            "xception" => PreprocessingKind.Tf,
            _ => PreprocessingKind.Torchvision,
        };

    /// <summary>Whether torchvision's network has <c>transform_input</c>, which its published weights were trained with.</summary>
    public static bool HasTransformInput(string architecture) => architecture is "googlenet-bn" or "inception-v3";

    /// <summary>The manifest's part.</summary>
    /// <param name="kind">Whose custom.</param>
    /// <param name="architecture">Preset.</param>
    /// <param name="input">Rows and columns of the network's input.</param>
    /// <param name="transformInput">
    /// Whether the weights expect torchvision's <c>transform_input</c>, which undoes ImageNet's normalisation and scales to −1…1 instead:
    /// (z·σ + μ − ½) / ½ = 2p − 1. Both together are a mean and a deviation of ½, and that is what is written.
    /// </param>
    /// <param name="whole">Whether the whole of the shorter side is seen, as Keras does it, rather than its middle.</param>
    public static ManifestPreprocessing For(PreprocessingKind kind, string architecture, int input, bool transformInput, bool whole)
    {
        var roomy = (int)Math.Round(input * (architecture == "xception" ? XceptionRoom : UsualRoom));
        var (order, scale, mean, std) = kind switch
        {
            PreprocessingKind.Torchvision when !transformInput => (
                ChannelOrder.Rgb,
                1f,
                [0.485f, 0.456f, 0.406f],
                [0.229f, 0.224f, 0.225f]
            ),
            PreprocessingKind.Torchvision or PreprocessingKind.Tf => (ChannelOrder.Rgb, 1f, Half, Half),
            PreprocessingKind.ZeroOne => (ChannelOrder.Rgb, 1f, Zero, One),

            // Cadene's weights were trained with 128 for red, BVLC's with 123.
            _ => (ChannelOrder.Bgr, 255f, architecture == "bn-inception" ? [104f, 117f, 128f] : [104f, 117f, 123f], One),
        };
        return new ManifestPreprocessing(whole ? input : roomy, roomy, Interpolation.Bilinear, order, scale, mean, std);
    }
}
