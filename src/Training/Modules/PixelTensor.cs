using System.Runtime.InteropServices;
using Saccade.Training.Networks.Layers;
using static TorchSharp.torch;

namespace Saccade.Training.Modules;

/// <summary>From pixels to the tensor that a network takes.</summary>
internal static class PixelTensor
{
    /// <summary>
    /// Pixels as [images × crops, 3, height, width], channels last in memory: in that order a CPU runs every network of the project
    /// faster, and the order of the input decides for all layers (docs/decisions/0006).
    /// </summary>
    public static Tensor Of(ReadOnlySpan<float> pixels, Shape input)
    {
        using var scope = NewDisposeScope();
        var planes = empty([pixels.Length / (input.Channels * input.Height * input.Width), input.Channels, input.Height, input.Width]);
        pixels.CopyTo(MemoryMarshal.Cast<byte, float>(planes.bytes));
        return planes.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
