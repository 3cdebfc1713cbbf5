using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Weights.Keras;

/// <summary>Each Keras layer as one of ours. Settings that would change what it computes and that no network here has are refused.</summary>
internal static class KerasLayers
{
    /// <summary>Converts a layer that is one of ours.</summary>
    /// <param name="layer">Keras's.</param>
    /// <param name="input">Shape of its first input.</param>
    /// <exception cref="InvalidDataException">There is no such layer here.</exception>
    public static Layer Convert(KerasLayer layer, Shape input) => layer.Kind switch
    {
        "Conv2D" => new Conv(layer.Int("filters"), WindowOf(layer, input, layer.Pair("kernel_size"), out _), layer.Bool("use_bias", true), Groups(layer)),
        "DepthwiseConv2D" => Depthwise(layer, input) with { Bias = layer.Bool("use_bias", true) },
        "BatchNormalization" => new BatchNorm(layer.Double("epsilon", 1e-3), Scale: layer.Bool("scale", true)),
        "MaxPooling2D" => MaxPool(layer, input),
        "AveragePooling2D" => AvgPool(layer, input),
        "GlobalAveragePooling2D" => new GlobalAvgPool(),
        "Concatenate" when IsChannels(layer) => new Concat(),
        "Add" when layer.Inputs.Count == 2 => new Add(),
        "Flatten" => new Flatten(),
        "Dense" => new Linear(layer.Int("units"), layer.Bool("use_bias", true)),
        _ => throw new InvalidDataException($"layer '{layer.Name}' is a {layer.Kind}, as no network here has it"),
    };

    /// <summary>The first half of a separable convolution: one filter a channel.</summary>
    public static Conv Depthwise(KerasLayer layer, Shape input)
    {
        if (layer.Has("depth_multiplier", out _) && layer.Int("depth_multiplier") != 1)
            throw new InvalidDataException($"layer '{layer.Name}' has {layer.Int("depth_multiplier")} filters a channel; one is known");
        return new Conv(input.Channels, WindowOf(layer, input, layer.Pair("kernel_size"), out _), Bias: false, input.Channels);
    }

    /// <summary>Its second half: a mixture of the channels.</summary>
    public static Conv Pointwise(KerasLayer layer) => new(layer.Int("filters"), Window.Square(1), layer.Bool("use_bias", true));

    private static int Groups(KerasLayer layer) => layer.Has("groups", out _) ? layer.Int("groups") : 1;

    private static MaxPool MaxPool(KerasLayer layer, Shape input)
    {
        var window = WindowOf(layer, input, layer.Pair("pool_size"), out var roundUp);
        return new MaxPool(window, roundUp);
    }

    /// <summary>TensorFlow never counts padding. A pool over the whole grid is the global one.</summary>
    private static Layer AvgPool(KerasLayer layer, Shape input)
    {
        var window = WindowOf(layer, input, layer.Pair("pool_size"), out var roundUp);
        return window.Kernel == (input.Height, input.Width) && window.Pad == (0, 0) && window.Slide(input) == (1, 1)
            ? new GlobalAvgPool()
            : new AvgPool(window, roundUp, CountPadding: false);
    }

    private static bool IsChannels(KerasLayer layer) => !layer.Has("axis", out _) || layer.Int("axis") is -1 or 3;

    /// <summary>
    /// "Valid" is no padding. "Same" puts half of what lacks at the beginning and the larger half at the end. Where the halves differ, a pool
    /// that rounds up does the same, and a convolution is padded more at the end.
    /// </summary>
    private static Window WindowOf(KerasLayer layer, Shape input, (int Rows, int Columns) kernel, out bool roundUp)
    {
        if (layer.Text("data_format", "channels_last") != "channels_last")
            throw new InvalidDataException($"layer '{layer.Name}' has its channels first; models with channels last are read");
        if (layer.Has("dilation_rate", out _) && layer.Pair("dilation_rate") != (1, 1))
            throw new InvalidDataException($"layer '{layer.Name}' is dilated, as no network here has it");

        roundUp = false;
        var stride = layer.Has("strides", out _) ? layer.Pair("strides") : layer.Has("pool_size", out _) ? kernel : (1, 1);
        if (kernel is not ( > 0, > 0) || stride is not ( > 0, > 0))
            throw new InvalidDataException($"layer '{layer.Name}' has a window of {kernel.Rows}×{kernel.Columns} moved by {stride.Item1}×{stride.Item2}");
        switch (layer.Text("padding", "valid").ToLowerInvariant())
        {
            case "valid":
                return new Window(kernel, stride, (0, 0));
            case "same":
                var (above, below) = Same(input.Height, kernel.Rows, stride.Item1);
                var (left, right) = Same(input.Width, kernel.Columns, stride.Item2);
                var window = new Window(kernel, stride, (above, left));
                if (!layer.Has("pool_size", out _))
                    return window with { EndPad = (below - above, right - left) };
                roundUp = above != below || left != right;
                return !roundUp || (above, left) == (0, 0)
                    ? window
                    : throw new InvalidDataException($"layer '{layer.Name}' is padded by {above} before and {below} after {input}, as no network here is");
            case var other:
                throw new InvalidDataException($"layer '{layer.Name}' has the padding '{other}'");
        }
    }

    private static (int Before, int After) Same(int size, int kernel, int stride)
    {
        var lacking = Math.Max((((size + stride - 1) / stride) - 1) * stride + kernel - size, 0);
        return (lacking / 2, lacking - (lacking / 2));
    }
}
