using System.Text.Json;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Bench.Training;

/// <summary>A network and what to do with it, as the Python peer reads it.</summary>
internal static class NetworkJson
{
    /// <summary>One line of JSON. Values are named by the position of the node that makes them; the input is 0.</summary>
    public static string Of(Network network, TrainingOptions options)
    {
        var positions = network.Nodes.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var readers = network.Nodes.SelectMany(node => node.Inputs).CountBy(input => input).ToDictionary();
        var heads = network.AuxLogits.Prepend(network.Logits).ToList();
        var last = new Dictionary<Node, Node>();
        foreach (var node in network.Nodes)
        {
            foreach (var input in node.Inputs)
                last[input] = node;
        }

        return JsonSerializer.Serialize(
            new
            {
                threads = options.Threads,
                batch = options.Batch,
                input = options.Input,
                classes = options.Classes,
                heads = heads.Select(head => positions[head]),
                nodes = network
                    .Nodes.Skip(1)
                    .Select(node => new
                    {
                        kind = KindOf(node.Layer),
                        inputs = node.Inputs.Select(input => positions[input]),
                        parameters = Parameters(node, readers),
                        releases = node
                            .Inputs.Distinct()
                            .Where(input => last[input] == node && !heads.Contains(input) && input != network.Input)
                            .Select(input => positions[input]),
                    }),
            }
        );
    }

    private static string KindOf(Layer layer) => JsonNamingPolicy.CamelCase.ConvertName(layer.GetType().Name);

    private static object Parameters(Node node, Dictionary<Node, int> readers) =>
        node.Layer switch
        {
            Conv { Window.IsEven: false } or BatchNorm { Scale: false } => throw new NotSupportedException(
                $"{node.Name}: the peer has no such layer."
            ),
            Conv conv => new
            {
                @in = node.Inputs[0].Output.Channels,
                @out = conv.Channels,
                kernel = Pair(conv.Window.Kernel),
                stride = Pair(conv.Window.Stride),
                pad = Pair(conv.Window.Pad),
                groups = conv.Groups,
                bias = conv.Bias,
            },
            BatchNorm norm => new
            {
                channels = node.Output.Channels,
                epsilon = norm.Epsilon,
                momentum = norm.Momentum,
            },
            Linear linear => new
            {
                @in = node.Inputs[0].Output.Channels,
                @out = linear.Features,
                bias = linear.Bias,
            },
            MaxPool pool => new
            {
                kernel = Pair(pool.Window.Kernel),
                stride = Pair(pool.Window.Stride),
                pad = Pair(pool.Window.Pad),
                roundUp = pool.RoundUp,
            },
            AvgPool pool => new
            {
                kernel = Pair(pool.Window.Kernel),
                stride = Pair(pool.Window.Stride),
                pad = Pair(pool.Window.Pad),
                roundUp = pool.RoundUp,
                countPadding = pool.CountPadding,
            },
            AdaptiveAvgPool pool => new { rows = pool.Rows, columns = pool.Columns },
            Lrn norm => new
            {
                size = norm.Size,
                alpha = norm.Alpha,
                beta = norm.Beta,
                bias = norm.Bias,
            },
            Dropout dropout => new { probability = dropout.Probability },
            Relu => new
            {
                inPlace = readers[node.Inputs[0]] == 1 && node.Inputs[0].Layer is Conv or BatchNorm or Linear or Add ? "True" : "False",
            },
            _ => new { },
        };

    private static int[] Pair((int Rows, int Columns) sizes) => [sizes.Rows, sizes.Columns];
}
