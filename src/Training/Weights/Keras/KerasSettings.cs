using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Weights.Keras;

/// <summary>Whether a described layer does what the table's does; its tensors' shapes are compared elsewhere.</summary>
internal static class KerasSettings
{
    /// <summary>Compares window, stride, padding and activation.</summary>
    /// <exception cref="InvalidDataException">They differ; the message names the layer and the setting.</exception>
    public static void Require(Node node, KerasLayer layer)
    {
        var (window, kernelKey, ends) = node.Layer switch
        {
            Conv conv when layer.Kind == "SeparableConv2D" => (((Conv)node.Inputs[0].Layer).Window, "kernel_size", conv.Window.EndPad),
            Conv conv => (conv.Window, "kernel_size", conv.Window.EndPad),
            MaxPool pool => (pool.Window, "pool_size", pool.RoundUp ? (1, 1) : (0, 0)),
            AvgPool pool => (pool.Window, "pool_size", pool.RoundUp ? (1, 1) : (0, 0)),
            _ => (default, "", default),
        };
        if (kernelKey.Length == 0)
            return;

        var kernel = layer.Pair(kernelKey, (2, 2));
        var stride = layer.Pair("strides", node.Layer is Conv ? (1, 1) : kernel);
        Require(layer, kernelKey, kernel, window.Kernel);
        Require(layer, "strides", stride, window.Stride);
        Require(layer, "dilation_rate", layer.Pair("dilation_rate", (1, 1)), (1, 1));
        Require(layer, "data_format", layer.Text("data_format", "channels_last"), "channels_last");
        Require(layer, "activation", layer.Text("activation", "linear"), "linear");

        // Nothing is padded for a kernel of 1, whatever is said.
        if (window.Kernel != (1, 1))
            Require(
                layer,
                "padding",
                layer.Text("padding", "valid").ToLowerInvariant(),
                window.Pad == (0, 0) && ends == (0, 0) ? "valid" : "same"
            );
    }

    private static void Require<T>(KerasLayer layer, string key, T there, T wanted)
    {
        if (!EqualityComparer<T>.Default.Equals(there, wanted))
            throw new InvalidDataException($"layer '{layer.Name}' ({layer.Kind}) has {key} {there} where the network has {wanted}");
    }
}
