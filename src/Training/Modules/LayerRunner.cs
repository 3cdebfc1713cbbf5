using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Saccade.Training.Modules;

/// <summary>What each layer computes, in TorchSharp.</summary>
internal static class LayerRunner
{
    private static readonly long[] GridAxes = [2, 3];

    /// <summary>Runs one layer on a batch, [N, C, H, W] or [N, features]. The result never shares its handle with an input.</summary>
    /// <param name="module">Holds the tensors by name.</param>
    /// <param name="node">The layer.</param>
    /// <param name="inputs">Its inputs, in its order.</param>
    /// <param name="inPlace">Whether a rectifier may overwrite its input.</param>
    internal static Tensor Run(NetworkModule module, Node node, Tensor[] inputs, bool inPlace)
    {
        var x = inputs[0];
        return node.Layer switch
        {
            Conv conv => F.conv2d(
                Padded(x, conv.Window),
                Weight(module, node, 0, x),
                conv.Bias ? Weight(module, node, 1, x) : null,
                strides: Pair(conv.Window.Stride),
                padding: Pair(conv.Window.IsEven ? conv.Window.Pad : (0, 0)),
                groups: conv.Groups
            ),
            BatchNorm norm => Normalise(module, node, norm, x),
            Relu => F.relu(x, inPlace),
            Elu => x.elu(Libtorch.One, Libtorch.One, Libtorch.One),
            MaxPool pool => F.max_pool2d(
                x,
                Pair(pool.Window.Kernel),
                Pair(pool.Window.Stride),
                Pair(pool.Window.Pad),
                ceil_mode: pool.RoundUp
            ),
            AvgPool pool => F.avg_pool2d(
                x,
                Pair(pool.Window.Kernel),
                Pair(pool.Window.Stride),
                Pair(pool.Window.Pad),
                ceil_mode: pool.RoundUp,
                count_include_pad: pool.CountPadding
            ),
            AdaptiveAvgPool pool => F.adaptive_avg_pool2d(x, Pair((pool.Rows, pool.Columns))),
            GlobalAvgPool => x.mean(GridAxes, type: ScalarType.Float32),
            Lrn norm => F.local_response_norm(x, norm.Size, norm.Alpha, norm.Beta, norm.Bias),
            Concat => cat(inputs, 1),
            Add => x.add(inputs[1], Libtorch.One),
            Dropout dropout => module.training ? Drop(module, x, dropout.Probability) : x.alias(),
            Flatten => x.flatten(1),
            Linear linear => F.linear(x, Weight(module, node, 0, x), linear.Bias ? Weight(module, node, 1, x) : null),
            _ => throw new NetworkException($"{node.Name}: no way to run a {node.Layer.Kind}"),
        };
    }

    // In the precision of what it meets: the pixels' type decides for all layers up to the last grid.
    private static Tensor Weight(NetworkModule module, Node node, int index, Tensor x) =>
        module.get_parameter(node.Weights[index].Name)!.to(x.dtype);

    private static Tensor Normalise(NetworkModule module, Node node, BatchNorm norm, Tensor x)
    {
        module.Reading?.Invoke(node, x);
        var training = module.Trains(node);
        if (training)
            module.get_buffer(node.Weights[4].Name)!.add_(Libtorch.One, Libtorch.One);

        return F.batch_norm(
            x,
            running_mean: module.get_buffer(node.Weights[2].Name),
            running_var: module.get_buffer(node.Weights[3].Name),
            weight: norm.Scale ? module.get_parameter(node.Weights[0].Name) : module.get_buffer(node.Weights[0].Name),
            bias: module.get_parameter(node.Weights[1].Name),
            training: training,
            momentum: norm.Momentum,
            eps: norm.Epsilon
        );
    }

    // What F.dropout computes, to the bit, but from the module's own generator: replicas draw side by side.
    private static Tensor Drop(NetworkModule module, Tensor x, double probability)
    {
        using Scalar share = 1 - probability;
        using var kept = x.empty_like().bernoulli_(1 - probability, module.Randomness).div_(share);
        return x.mul(kept);
    }

    // libtorch pads both ends alike; what is more at the end is added beforehand. The image's last axis comes first.
    private static Tensor Padded(Tensor x, Window window) =>
        window.IsEven
            ? x
            : F.pad(
                x,
                [window.Pad.Columns, window.Pad.Columns + window.EndPad.Columns, window.Pad.Rows, window.Pad.Rows + window.EndPad.Rows]
            );

    private static long[] Pair((int Rows, int Columns) sizes) => [sizes.Rows, sizes.Columns];
}
