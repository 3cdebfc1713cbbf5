using Saccade.Inference.Bundles;

namespace Saccade.Training.Tests.Tuning;

/// <summary>Models that nobody trained.</summary>
internal static class MadeUp
{
    /// <summary>Of a network of two classes.</summary>
    public static ModelManifest Manifest(long macs) =>
        new()
        {
            Architecture = new("made-up", 1, 0, macs),
            Input = new("input", InputType.Float32, InputLayout.Nchw, 8, 8),
            Output = "logits",
            Preprocessing = new(8, 9, Interpolation.Bilinear, ChannelOrder.Rgb, 1, [0, 0, 0], [1, 1, 1]),
            Labels = ["true", "false"],
        };
}
