using Saccade.Inference.Bundles;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Onnx.Quantisation;

/// <summary>
/// Pixels are bytes already: normalising them becomes part of the first convolution's weights and biases, W·(f·p + o) = (W·f)·p + W·o, and
/// nothing is left to compute. Exact where that convolution is not padded. Where it is, what lies beyond the border stands for the mean
/// colour, one byte for all three channels, and not for three means.
/// </summary>
/// <param name="First">The convolution.</param>
/// <param name="Scale">Of the pixels.</param>
/// <param name="Weights">All tensors, the first convolution's changed.</param>
/// <param name="Blocks">How the convolution runs over blocks of pixels; null where it runs over pixels.</param>
internal sealed record QuantisedPixels(Node First, Scale Scale, IReadOnlyDictionary<string, float[]> Weights, PixelBlocks? Blocks)
{
    private const float Step = 1f / byte.MaxValue;

    /// <summary>Folds; null where something else than one ordinary convolution with a bias reads the input.</summary>
    public static QuantisedPixels? For(
        QuantisationPlan plan,
        IReadOnlyDictionary<string, float[]> weights,
        ManifestPreprocessing preprocessing
    )
    {
        var readers = plan.Network.Nodes.Where(node => node.Inputs.Contains(plan.Network.Input)).ToArray();
        if (readers is not [{ Layer: Conv { Groups: 1, Bias: true } conv } first])
            return null;

        var (factor, offset) = Pixels.Normalisation(preprocessing);
        var padded = conv.Window.Pad != (0, 0) || !conv.Window.IsEven;
        var zero = padded
            ? (byte)Math.Clamp(Math.Round(factor.Zip(offset, (f, o) => -o / (double)f).Average()), 0, byte.MaxValue)
            : (byte)0;
        var kernel = weights[first.Weights[0].Name].ToArray();
        var bias = weights[first.Weights[1].Name].ToArray();
        var plane = conv.Window.Kernel.Rows * conv.Window.Kernel.Columns;
        for (var i = 0; i < kernel.Length; i++)
        {
            var channel = i / plane % factor.Length;
            bias[i / (plane * factor.Length)] += kernel[i] * ((factor[channel] * zero) + offset[channel]);
            kernel[i] *= factor[channel] / Step;
        }

        var blocks = PixelBlocks.For(conv, plan.Network.Input.Output, first.Output);
        return new QuantisedPixels(
            first,
            new Scale(Step, zero),
            new Dictionary<string, float[]>(weights, StringComparer.Ordinal)
            {
                [first.Weights[0].Name] = blocks?.Rearrange(kernel, factor.Length, conv.Window.Kernel.Rows, conv.Window.Pad.Rows) ?? kernel,
                [first.Weights[1].Name] = bias,
            },
            blocks
        );
    }
}
