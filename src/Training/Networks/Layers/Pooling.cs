namespace Saccade.Training.Networks.Layers;

/// <summary>What both kinds of pool have in common.</summary>
internal static class Pooling
{
    /// <exception cref="NetworkException">The window fits nowhere, or a window could lie in the padding alone.</exception>
    internal static Shape Output(Shape input, Window window, bool roundUp)
    {
        if (!window.IsEven)
            throw new NetworkException(
                $"a pool can't be padded by {window.EndPad.Rows}×{window.EndPad.Columns} more at the end; rounding up does it"
            );
        if (window.Pad.Rows * 2 > window.Kernel.Rows || window.Pad.Columns * 2 > window.Kernel.Columns)
            throw new NetworkException(
                $"padding {window.Pad.Rows}×{window.Pad.Columns} is more than half of window {window} on input {input}"
            );

        var (rows, columns) = window.Slide(input, roundUp) ?? throw new NetworkException($"window {window} is larger than input {input}");
        return new Shape(input.Channels, rows, columns);
    }
}
