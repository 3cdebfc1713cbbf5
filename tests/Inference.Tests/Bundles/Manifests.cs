using Saccade.Inference.Bundles;

namespace Saccade.Inference.Tests.Bundles;

/// <summary>Manifests that tests vary.</summary>
internal static class Manifests
{
    /// <summary>A sound one for 28 × 28 pixels and three labels.</summary>
    public static ModelManifest Small { get; } =
        new()
        {
            Architecture = new("tiny", 1, 10, 1000),
            Input = new("input", InputType.Float32, InputLayout.Nchw, 28, 28),
            Output = "logits",
            Preprocessing = new(28, 32, Interpolation.Bilinear, ChannelOrder.Rgb, 1, [0, 0, 0], [1, 1, 1]),
            Labels = ["red", "green", "blue"],
        };
}
