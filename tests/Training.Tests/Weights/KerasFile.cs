using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Tests.Weights;

/// <summary>
/// Writes one of our networks as Keras would have exported it to TensorFlow.js: its names and numbers, its order of axes, weights sorted by
/// name, a shard boundary in the middle of a tensor.
/// </summary>
internal sealed class KerasFile
{
    private readonly Network _network;
    private readonly IReadOnlyDictionary<string, float[]> _weights;
    private readonly Dictionary<Node, string> _names = [];
    private readonly List<(string Name, long[] Shape, float[] Values)> _tensors = [];
    private readonly JsonArray _layers = [];

    internal KerasFile(Network network, IReadOnlyDictionary<string, float[]> weights)
    {
        _network = network;
        _weights = weights;
    }

    /// <summary>Number of the first convolution: a session that made another model before begins higher.</summary>
    internal int FirstNumber { get; init; }

    /// <summary>Whether batch normalisation has a gamma.</summary>
    internal bool Gamma { get; init; } = true;

    /// <summary>A name that a layer has beside its number; null numbers it.</summary>
    internal Func<Node, string?> OwnName { get; init; } = _ => null;

    /// <summary>uint8, uint16 or float16; null writes 32-bit floats.</summary>
    internal string? Quantised { get; init; }

    /// <summary>Changes the description before it is written; null leaves it out.</summary>
    internal Func<JsonObject, JsonNode?> Topology { get; init; } = topology => topology;

    internal void Write(string folder)
    {
        _layers.Add(Layer("in", "InputLayer", [], new JsonObject { ["batch_input_shape"] = new JsonArray(null, _network.Input.Output.Height, _network.Input.Output.Width, 3) }));
        _names[_network.Input] = "in";
        foreach (var node in _network.Main.Skip(1))
            Add(node);

        var topology = new JsonObject
        {
            ["keras_version"] = "2.4.0",
            ["model_config"] = new JsonObject
            {
                ["class_name"] = "Functional",
                ["config"] = new JsonObject
                {
                    ["name"] = "model",
                    ["layers"] = _layers,
                    ["input_layers"] = new JsonArray(new JsonArray("in", 0, 0)),
                    ["output_layers"] = new JsonArray(new JsonArray(_names[_network.Logits], 0, 0)),
                },
            },
        };

        Directory.CreateDirectory(folder);
        var (manifest, bytes) = Weights();
        File.WriteAllBytes(Path.Combine(folder, "shard1"), bytes[..(bytes.Length / 3)]);
        File.WriteAllBytes(Path.Combine(folder, "shard2"), bytes[(bytes.Length / 3)..]);
        var model = new JsonObject { ["format"] = "layers-model", ["modelTopology"] = Topology(topology), ["weightsManifest"] = manifest };
        File.WriteAllText(Path.Combine(folder, "model.json"), model.ToJsonString());
    }

    private void Add(Node node)
    {
        var inputs = node.Inputs.Select(input => _names[input]).ToArray();
        var window = node.Layer switch
        {
            Conv layer => (layer.Window, Same: layer.Window.Pad != (0, 0)),
            MaxPool layer => (layer.Window, Same: layer.RoundUp || layer.Window.Pad != (0, 0)),
            AvgPool layer => (layer.Window, Same: layer.Window.Pad != (0, 0)),
            _ => default,
        };
        switch (node.Layer)
        {
            case Conv { Groups: > 1 }:
                _names[node] = inputs[0]; // written with the pointwise convolution that follows
                break;
            case Conv conv when node.Inputs[0] is { Layer: Conv { Groups: > 1 } } depthwise:
                Keep(node, "SeparableConv2D", inputs, new JsonObject { ["filters"] = conv.Channels, ["kernel_size"] = Pair((3, 3)), ["padding"] = "same", ["use_bias"] = false });
                Tensor(node, "depthwise_kernel", [3, 3, depthwise.Weights[0].Shape[0], 1], Turned(depthwise.Weights[0], (o, i, at) => (at * depthwise.Output.Channels) + o));
                Tensor(node, "pointwise_kernel", [1, 1, node.Weights[0].Shape[1], conv.Channels], Turned(node.Weights[0], (o, i, at) => (i * conv.Channels) + o));
                break;
            case Conv conv:
                Keep(node, "Conv2D", inputs, new JsonObject
                {
                    ["filters"] = conv.Channels,
                    ["kernel_size"] = Pair(conv.Window.Kernel),
                    ["strides"] = Pair(conv.Window.Stride),
                    ["padding"] = window.Same ? "same" : "valid",
                    ["use_bias"] = false,
                });
                var inside = node.Weights[0].Shape[1];
                Tensor(node, "kernel", [conv.Window.Kernel.Rows, conv.Window.Kernel.Columns, inside, conv.Channels], Turned(node.Weights[0], (o, i, at) => (((at * inside) + i) * conv.Channels) + o));
                break;
            case BatchNorm norm:
                Keep(node, "BatchNormalization", inputs, new JsonObject { ["axis"] = 3, ["epsilon"] = norm.Epsilon, ["scale"] = Gamma });
                string[] parts = ["gamma", "beta", "moving_mean", "moving_variance"];
                foreach (var (part, weight) in parts.Zip(node.Weights).Skip(Gamma ? 0 : 1))
                    Tensor(node, part, [.. weight.Shape], _weights[weight.Name]);
                break;
            case Linear linear:
                Keep(node, "Dense", inputs, new JsonObject { ["units"] = linear.Features, ["activation"] = node == _network.Logits ? "softmax" : "relu" });
                Tensor(node, "kernel", [node.Weights[0].Shape[1], linear.Features], Turned(node.Weights[0], (o, i, _) => (i * linear.Features) + o));
                Tensor(node, "bias", [linear.Features], _weights[node.Weights[1].Name]);
                break;
            case Relu when node.Inputs[0].Layer is Linear:
                _names[node] = inputs[0];
                break;
            case MaxPool or AvgPool:
                Keep(node, node.Layer is MaxPool ? "MaxPooling2D" : "AveragePooling2D", inputs, new JsonObject
                {
                    ["pool_size"] = Pair(window.Window.Kernel), ["strides"] = Pair(window.Window.Stride), ["padding"] = window.Same ? "same" : "valid",
                });
                break;
            default:
                var (kind, config) = node.Layer switch
                {
                    Relu => ("Activation", new JsonObject { ["activation"] = "relu" }),
                    Dropout => ("Dropout", []),
                    Concat => ("Concatenate", new JsonObject { ["axis"] = -1 }),
                    Saccade.Training.Networks.Layers.Add => ("Add", []),
                    _ => ("GlobalAveragePooling2D", new JsonObject()),
                };
                Keep(node, kind, node.Layer is Saccade.Training.Networks.Layers.Add ? [.. inputs.Reverse()] : inputs, config);
                break;
        }
    }

    private void Keep(Node node, string kind, string[] inputs, JsonObject config)
    {
        var prefix = kind switch { "BatchNormalization" => "batch_normalization", "Conv2D" => "conv2d", "Dense" => "dense", _ => kind };
        var number = _names.Values.Distinct().Count(name => name.StartsWith(prefix, StringComparison.Ordinal)) + FirstNumber;
        var name = OwnName(node) ?? (number == 0 ? prefix : $"{prefix}_{number}");
        _names[node] = name;
        _layers.Add(Layer(name, kind, inputs, config));
    }

    private static JsonObject Layer(string name, string kind, string[] inputs, JsonObject config)
    {
        config["name"] = name;
        return new JsonObject
        {
            ["class_name"] = kind,
            ["name"] = name,
            ["config"] = config,
            ["inbound_nodes"] = inputs.Length == 0 ? [] : new JsonArray(new JsonArray([.. inputs.Select(input => new JsonArray(input, 0, 0, new JsonObject()))])),
        };
    }

    private void Tensor(Node node, string part, long[] shape, float[] values) => _tensors.Add(($"{_names[node]}/{part}", shape, values));

    private float[] Turned(WeightSpec weight, Func<int, int, int, long> place)
    {
        var values = _weights[weight.Name];
        var turned = new float[values.Length];
        var (inputs, grid) = ((int)weight.Shape[1], (int)weight.Shape.Skip(2).Aggregate(1L, (product, size) => product * size));
        for (var i = 0; i < values.Length; i++)
            turned[place(i / (inputs * grid), i / grid % inputs, i % grid)] = values[i];
        return turned;
    }

    private (JsonArray Manifest, byte[] Bytes) Weights()
    {
        using var bytes = new MemoryStream();
        var entries = new JsonArray();
        foreach (var (name, shape, values) in _tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            var entry = new JsonObject { ["name"] = name, ["shape"] = JsonSerializer.SerializeToNode(shape), ["dtype"] = "float32" };
            var (min, max) = (values.Min(), values.Max());
            var steps = Quantised == "uint8" ? 255 : 65535;
            var scale = max > min ? (max - (double)min) / steps : 1;
            switch (Quantised)
            {
                case null:
                    bytes.Write(MemoryMarshal.AsBytes<float>(values));
                    break;
                case "float16":
                    entry["quantization"] = new JsonObject { ["dtype"] = Quantised };
                    bytes.Write(MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, value => (Half)value)));
                    break;
                default:
                    entry["quantization"] = new JsonObject { ["dtype"] = Quantised, ["scale"] = scale, ["min"] = (double)min };
                    var whole = Array.ConvertAll(values, value => (ushort)Math.Round((value - (double)min) / scale));
                    bytes.Write(Quantised == "uint8" ? Array.ConvertAll(whole, value => (byte)value) : MemoryMarshal.AsBytes<ushort>(whole));
                    break;
            }

            entries.Add(entry);
        }

        return ([new JsonObject { ["paths"] = new JsonArray("shard1", "shard2"), ["weights"] = entries }], bytes.ToArray());
    }

    private static JsonArray Pair((int Rows, int Columns) pair) => [pair.Rows, pair.Columns];
}
