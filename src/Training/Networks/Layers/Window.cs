namespace Saccade.Training.Networks.Layers;

/// <summary>
/// The sliding window of a convolution or a pool. Padding is the same at both ends of an axis but for TensorFlow's convolutions of stride
/// 2 on even grids (<see cref="EndPad"/>). Its pools need no such thing: a 3/2 pool with "SAME" padding is padding 0 with rounding up on
/// even sizes and padding 1 on odd ones.
/// </summary>
/// <param name="Kernel">Rows and columns covered.</param>
/// <param name="Stride">Rows and columns moved by.</param>
/// <param name="Pad">Rows above and below, columns left and right.</param>
public readonly record struct Window((int Rows, int Columns) Kernel, (int Rows, int Columns) Stride, (int Rows, int Columns) Pad)
{
    /// <summary>Rows below and columns to the right besides <see cref="Pad"/>.</summary>
    public (int Rows, int Columns) EndPad { get; init; }

    /// <summary>Whether both ends are padded alike.</summary>
    public bool IsEven => EndPad == (0, 0);

    /// <summary>A square window.</summary>
    public static Window Square(int kernel, int stride = 1, int pad = 0) => new((kernel, kernel), (stride, stride), (pad, pad));

    /// <summary>A window of stride 1 that keeps the grid's size; both kernel sides must be odd.</summary>
    public static Window Same(int kernelRows, int kernelColumns) =>
        new((kernelRows, kernelColumns), (1, 1), (kernelRows / 2, kernelColumns / 2));

    /// <summary>A square window as TensorFlow's "SAME" places it on <paramref name="input"/>: ⌈size / stride⌉ steps, what is odd at the
    /// end.</summary>
    public static Window TensorFlowSame(int kernel, int stride, Shape input)
    {
        var rows = Missing(input.Height);
        var columns = Missing(input.Width);
        return Square(kernel, stride) with { Pad = (rows / 2, columns / 2), EndPad = (rows % 2, columns % 2) };

        int Missing(int size) => Math.Max(0, ((((size + stride - 1) / stride) - 1) * stride) + kernel - size);
    }

    /// <summary>The grid this window gives on <paramref name="input"/>; null where it fits nowhere.</summary>
    /// <param name="input">The grid it slides over.</param>
    /// <param name="roundUp">Whether a last window that hangs over the edge counts, as in Caffe (it must still begin inside).</param>
    public (int Rows, int Columns)? Slide(Shape input, bool roundUp = false)
    {
        var rows = Steps(input.Height + EndPad.Rows, Kernel.Rows, Stride.Rows, Pad.Rows, roundUp);
        var columns = Steps(input.Width + EndPad.Columns, Kernel.Columns, Stride.Columns, Pad.Columns, roundUp);
        return rows > 0 && columns > 0 ? (rows, columns) : null;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var stride = Stride.Rows == Stride.Columns ? $"{Stride.Rows}" : $"{Stride.Rows}×{Stride.Columns}";
        return $"{Kernel.Rows}×{Kernel.Columns}/{stride}";
    }

    private static int Steps(int size, int kernel, int stride, int pad, bool roundUp)
    {
        var room = size + (2 * pad) - kernel + (roundUp ? stride - 1 : 0);
        if (room < 0)
            return 0;

        var steps = (room / stride) + 1;
        var lastStart = (steps - 1) * stride;
        return roundUp && lastStart >= size + pad ? steps - 1 : steps;
    }
}
