using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx.Schema;
using static Saccade.Training.Onnx.Graphs;
using static Saccade.Training.Onnx.Schema.TensorProto.Types;

namespace Saccade.Training.Onnx.Quantisation;

/// <summary>
/// A first convolution of stride 2, done in strides of 1 over blocks of 2×2 pixels, each a pixel of twelve channels: the same products and
/// sums, to the bit, but the runtime gathers them in pieces four times as long. Takes a twentieth off GoogLeNet.
/// </summary>
/// <param name="Kernel">Rows and columns, in blocks.</param>
/// <param name="Before">Padding above and to the left, in blocks.</param>
/// <param name="After">Padding below and to the right, in blocks.</param>
internal sealed record PixelBlocks(int Kernel, int Before, int After)
{
    private const int Side = 2;

    /// <summary>Decides; null for another stride, and where pixels do not fall into whole blocks.</summary>
    public static PixelBlocks? For(Conv conv, Shape input, Shape output)
    {
        var ((rows, columns), stride, (top, left)) = (conv.Window.Kernel, conv.Window.Stride, conv.Window.Pad);
        if (stride != (Side, Side) || rows != columns || top != left || input.Height != input.Width || input.Height % Side != 0)
            return null;

        var (first, last) = (Block(-top), Block(rows - 1 - top));
        var after = output.Height - (input.Height / Side) + last;
        return after < 0 ? null : new PixelBlocks(last - first + 1, -first, after);
    }

    /// <summary>The kernel for blocks.</summary>
    /// <param name="kernel">[outputs, channels, size, size].</param>
    /// <param name="channels">Of a pixel.</param>
    /// <param name="size">Of the kernel, in pixels.</param>
    /// <param name="pad">In pixels.</param>
    /// <returns>[outputs, 4 × channels, <see cref="Kernel"/>, <see cref="Kernel"/>], the block's rows first, then its columns, then the
    /// pixel's channels.</returns>
    public float[] Rearrange(float[] kernel, int channels, int size, int pad)
    {
        var (plane, cells) = (size * size, Side * Side);
        var blocks = new float[kernel.Length / plane * cells * Kernel * Kernel];
        for (var i = 0; i < kernel.Length; i++)
        {
            var (output, channel, row, column) = (i / plane / channels, i / plane % channels, (i % plane / size) - pad, (i % size) - pad);
            var cell = (Within(row) * Side) + Within(column);
            var at = ((output * cells) + cell) * channels + channel;
            blocks[(((at * Kernel) + Block(row) + Before) * Kernel) + Block(column) + Before] = kernel[i];
        }

        return blocks;
    }

    /// <summary>From [N, H, W, C] to [N, 4 C, H / 2, W / 2].</summary>
    public static void Gather(GraphProto graph, string from, Shape pixels, string to)
    {
        var (height, width, channels) = (pixels.Height / Side, pixels.Width / Side, pixels.Channels);
        graph.Initializer.Add(Tensor<long>("input.cut.shape", DataType.Int64, [5], [0, height, Side, width, Side * channels]));
        graph.Initializer.Add(Tensor<long>("input.blocks.shape", DataType.Int64, [4], [0, height, width, Side * Side * channels]));
        graph.Node.Add(Operator("Reshape", "input.cut", [from, "input.cut.shape"], "input.cut"));
        graph.Node.Add(Operator("Transpose", "input.gathered", ["input.cut"], "input.gathered", Ints("perm", 0, 1, 3, 2, 4)));
        graph.Node.Add(Operator("Reshape", "input.blocks", ["input.gathered", "input.blocks.shape"], "input.blocks"));
        graph.Node.Add(Operator("Transpose", "input.planes", ["input.blocks"], to, Ints("perm", 0, 3, 1, 2)));
    }

    /// <summary>Makes the operator of the convolution one over blocks.</summary>
    public void Adapt(NodeProto conv)
    {
        foreach (
            var (name, values) in new (string, long[])[]
            {
                ("kernel_shape", [Kernel, Kernel]),
                ("strides", [1, 1]),
                ("pads", [Before, Before, After, After]),
            }
        )
        {
            conv.Attribute.Remove(conv.Attribute.First(attribute => attribute.Name == name));
            conv.Attribute.Add(Ints(name, values));
        }
    }

    private static int Block(int pixel) => (int)Math.Floor(pixel / (double)Side);

    private static int Within(int pixel) => pixel - (Block(pixel) * Side);
}
