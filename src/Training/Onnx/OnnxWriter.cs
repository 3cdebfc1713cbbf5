using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Onnx.Schema;
using static Saccade.Training.Onnx.Schema.TensorProto.Types;

namespace Saccade.Training.Onnx;

/// <summary>
/// Writes a network as an ONNX model: opset 13, input <c>input</c> [N, 3, H, W], output <c>logits</c> [N, classes] and, where it is asked
/// for, <c>features</c> [N, size], all 32-bit floats, N free. Only the default operator set is used.
/// </summary>
public static class OnnxWriter
{
    /// <summary>Name of the input tensor.</summary>
    public const string InputName = "input";

    /// <summary>Name of the output tensor.</summary>
    public const string OutputName = "logits";

    /// <summary>Name of the output of the layer before the classifier.</summary>
    public const string FeaturesName = "features";

    /// <summary>Operator set; every current runtime reads it.</summary>
    public const int Opset = 13;

    private const int IrVersion = 7;

    /// <summary>Encodes the part of a network that its classifier depends on.</summary>
    /// <param name="network">The network, usually folded (<see cref="BatchNormFolding"/>).</param>
    /// <param name="weights">Its tensors by name, row-major.</param>
    /// <param name="metadata">Written into the model for whoever has nothing but the file.</param>
    /// <param name="features">Whether the layer before the classifier is an output too.</param>
    /// <exception cref="NetworkException">A layer has no counterpart in ONNX; the message names it.</exception>
    public static ModelProto Encode(
        Network network,
        IReadOnlyDictionary<string, float[]> weights,
        IReadOnlyDictionary<string, string> metadata,
        bool features = false
    )
    {
        var graph = new GraphProto { Name = network.Name };
        graph.Input.Add(
            Graphs.Value(InputName, DataType.Float, network.Input.Output.Channels, network.Input.Output.Height, network.Input.Output.Width)
        );
        AddOutputs(graph, network, features);
        foreach (var node in network.Main.Skip(1))
        {
            graph.Node.AddRange(LayerEncoder.Encode(node, value => ValueName(network, value, features)));
            graph.Initializer.AddRange(
                node.Weights.Where(weight => weight.Role != WeightRole.BatchCount)
                    .Select(weight => Graphs.Tensor<float>(weight.Name, DataType.Float, weight.Shape, weights[weight.Name]))
            );
        }

        return Model(graph, metadata);
    }

    /// <summary>Declares what a graph gives.</summary>
    internal static void AddOutputs(GraphProto graph, Network network, bool features)
    {
        graph.Output.Add(Graphs.Value(OutputName, DataType.Float, network.Classes));
        if (features)
            graph.Output.Add(Graphs.Value(FeaturesName, DataType.Float, (int)network.Features.Output.Count));
    }

    /// <summary>A model around a graph.</summary>
    internal static ModelProto Model(GraphProto graph, IReadOnlyDictionary<string, string> metadata)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "saccade",
            ProducerVersion = typeof(OnnxWriter).Assembly.GetName().Version!.ToString(3),
            Graph = graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        model.MetadataProps.AddRange(metadata.Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }));
        return model;
    }

    /// <summary>What a node's output is called.</summary>
    internal static string ValueName(Network network, Node node, bool features) =>
        node == network.Input ? InputName
        : node == network.Logits ? OutputName
        : node == network.Features && features ? FeaturesName
        : node.Name;
}
