using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Models;

/// <summary>Brings a graph and a manifest together, or says why they don't fit.</summary>
internal static class LayoutRules
{
    /// <summary>The tensors of one crop.</summary>
    /// <exception cref="InvalidDataException">The manifest describes another graph.</exception>
    public static TensorLayout Combine(ModelGraph graph, ModelManifest manifest)
    {
        var input = manifest.Input;
        Require(input.Name == graph.InputName, $"The manifest's input is '{input.Name}', the graph's '{graph.InputName}'.");
        Require(input.Type == graph.InputType, $"The manifest's input is of type {input.Type}, the graph's of type {graph.InputType}.");
        long[] shape = input.Layout == InputLayout.Nchw ? [3, input.Height, input.Width] : [input.Height, input.Width, 3];
        Require(
            Fits(graph.InputShape.Skip(1), shape),
            $"The manifest's input is {Text(shape)} for one crop, the graph's {Text(graph.InputShape.Skip(1))}."
        );

        var output = graph.Outputs.FirstOrDefault(candidate => candidate.Key == manifest.Output).Value;
        Require(output is not null, $"The graph has no output of type Float named '{manifest.Output}'.");
        var rows = graph.InputShape[0];
        Require(output![0] == rows || output[0] < 1 || rows < 1, $"The graph takes {rows} crops and answers for {output[0]}.");

        // A softmax over one class is 1, whatever the image.
        var decidesEach = manifest.Activation is Activation.Sigmoid or Activation.None;
        var isOne = output.Count >= 2 && output.Skip(1).All(side => side == 1);
        Require(
            decidesEach || (manifest.Labels.Count > 1 && !isOne),
            $"Output '{manifest.Output}' holds one number for one crop. Say in manifest.json whether that is a logit (\"activation\": "
                + "\"sigmoid\") or a probability (\"activation\": \"none\"), and give it one label, or two: of what a low number means "
                + "and of what a high one means."
        );
        var numbers = isOne && manifest.Labels.Count == 2 ? 1 : manifest.Labels.Count;
        long[] scores = [numbers, .. output.Skip(2).Select(_ => 1L)];
        Require(
            output.Count >= 2 && Fits(output.Skip(1), scores),
            $"The manifest has {manifest.Labels.Count} labels; the graph's output for one crop is {Text(output.Skip(1))}."
        );
        return new TensorLayout(input.Name, input.Type, shape, manifest.Output, scores, rows >= 1 ? (int)rows : null)
        {
            Features = Features(graph, manifest),
        };
    }

    private static FeaturesLayout? Features(ModelGraph graph, ModelManifest manifest)
    {
        if (manifest.Features is not { } features)
            return null;
        var output = graph.Outputs.FirstOrDefault(candidate => candidate.Key == features.Output).Value;
        Require(output is not null, $"The graph has no output of type Float named '{features.Output}', which the manifest's features are.");
        long[] shape = [features.Size, .. output!.Skip(2).Select(_ => 1L)];
        Require(
            output!.Count >= 2 && Fits(output.Skip(1), shape),
            $"The manifest has features of {features.Size} numbers; the graph's '{features.Output}' for one crop is {Text(output.Skip(1))}."
        );
        return new FeaturesLayout(features.Output, shape);
    }

    private static bool Fits(IEnumerable<long> graph, long[] wanted) =>
        graph.Count() == wanted.Length && graph.Zip(wanted).All(axis => axis.First < 1 || axis.First == axis.Second);

    private static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape.Select(side => side < 1 ? "?" : $"{side}"))}]";

    private static void Require(bool holds, string problem)
    {
        if (!holds)
            throw new InvalidDataException(problem);
    }
}
