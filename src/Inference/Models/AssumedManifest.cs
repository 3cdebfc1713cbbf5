using System.Globalization;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Models;

/// <summary>What is taken for granted about a network that came without a complete manifest: ImageNet's customs, as torchvision has
/// them.</summary>
internal static class AssumedManifest
{
    private const int UsualSide = 224;

    /// <summary>The manifest and the tensors of a network, whatever was written down about it.</summary>
    /// <param name="session">The network.</param>
    /// <param name="written">A complete manifest; null if there is none.</param>
    /// <param name="given">What there is otherwise.</param>
    /// <exception cref="InvalidDataException">They do not fit, or tell too little.</exception>
    public static (ModelManifest Manifest, TensorLayout Layout) Complete(IModelSession session, ModelManifest? written, GivenFields given)
    {
        var manifest = written ?? For(session.Graph, given);
        var layout = LayoutRules.Combine(session.Graph, manifest);
        manifest = OutputProbe.Complete(session, layout, manifest, isComplete: written is not null);
        return (manifest, layout with { Probabilities = manifest is { Activation: Activation.None, Threshold: null } });
    }

    /// <summary>A manifest from what is given, then from what the graph tells, and defaults for the rest.</summary>
    /// <exception cref="InvalidDataException">The two tell too little, or a given field is wrong.</exception>
    public static ModelManifest For(ModelGraph graph, GivenFields given)
    {
        var (layout, height, width) = (graph.InputShape[1], graph.InputShape[3]) switch
        {
            (3, _) => (InputLayout.Nchw, graph.InputShape[2], graph.InputShape[3]),
            (_, 3) => (InputLayout.Nhwc, graph.InputShape[1], graph.InputShape[2]),
            _ => throw new InvalidDataException("The input has no axis of three colours."),
        };
        if (graph.Outputs.Count > 1 && given.Text("output") is null)
        {
            var names = string.Join(", ", graph.Outputs.Select(one => $"'{one.Key}'"));
            throw new InvalidDataException($"The graph has the outputs {names}; a manifest must say which of them the classes are.");
        }

        var wanted = given.Text("output") ?? graph.Outputs[0].Key;
        var (output, shape) = graph.Outputs.FirstOrDefault(one => one.Key == wanted);
        if (output is null)
            throw new InvalidDataException($"The graph has no output '{wanted}'.");
        var classes = given.Labels?.Count ?? shape.Skip(1).Aggregate(1L, (product, side) => product * side);
        if (given.Labels is null && (shape.Count < 2 || shape.Skip(1).Any(side => side < 1) || classes > 1_000_000))
        {
            throw new InvalidDataException("The graph does not say how many classes it has: give it labels, in labels.txt or a manifest.");
        }

        (height, width) = (given.Number("input.height") ?? height, given.Number("input.width") ?? width);
        var side = Math.Max(Side(height), Side(width));
        var roomToLookAround = (int)Math.Round(side * 256.0 / UsualSide);
        var assumed = new ModelManifest
        {
            Architecture = new("unknown", Width: 1, Parameters: 0, Macs: 0),
            Input = new(graph.InputName, graph.InputType, layout, Side(height), Side(width)),
            Output = output,
            Preprocessing = new(
                roomToLookAround,
                roomToLookAround,
                Interpolation.Bilinear,
                ChannelOrder.Rgb,
                Scale: 1,
                Mean: [0.485f, 0.456f, 0.406f],
                Std: [0.229f, 0.224f, 0.225f]
            ),
            Labels = [.. Enumerable.Range(0, (int)classes).Select(index => string.Create(CultureInfo.InvariantCulture, $"class {index}"))],
        };
        return given.Over(assumed);

        static int Side(long side) => side < 1 ? UsualSide : (int)side;
    }
}
