using Saccade.Training.Networks;

namespace Saccade.Training.Commands.Describe;

/// <summary>One layer, or one stage of several, in figures.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Kind, such as <c>Conv</c>.</param>
/// <param name="Output">Channels, rows and columns of its output.</param>
/// <param name="Parameters">Trainable values.</param>
/// <param name="Macs">Multiply-adds for one image.</param>
internal sealed record LayerDescription(string Name, string Type, IReadOnlyList<int> Output, long Parameters, long Macs)
{
    internal static LayerDescription Of(Node node) => new(node.Name, node.Layer.Kind, Sizes(node), node.Parameters, node.Macs);

    /// <summary>A stage, such as an Inception module, as one line.</summary>
    internal static LayerDescription Of(IReadOnlyList<Node> stage) =>
        new(stage[0].Stage, StageType(stage), Sizes(stage[^1]), stage.Sum(node => node.Parameters), stage.Sum(node => node.Macs));

    private static int[] Sizes(Node node) => [node.Output.Channels, node.Output.Height, node.Output.Width];

    private static string StageType(IReadOnlyList<Node> stage)
    {
        if (stage.FirstOrDefault(node => node.Inputs.Count > 1) is { } join)
            return $"{join.Inputs.Count} branches, {join.Layer.Kind}";

        var layers = stage.Select(node => $"{node.Layer.Kind} {node.Layer.Detail}".TrimEnd()).ToArray();
        return layers.Length <= 3 ? string.Join(", ", layers) : $"{layers[0]}, … {layers[^1]}";
    }
}
