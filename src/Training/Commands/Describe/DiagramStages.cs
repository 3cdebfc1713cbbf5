using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Commands.Describe;

/// <summary>From a graph to the boxes and stages that are drawn.</summary>
internal static class DiagramStages
{
    /// <summary>The stages in computing order. Equal ones that follow each other are one that says how often.</summary>
    public static List<DiagramStage> Of(Network network, bool aux)
    {
        var readers = network.Nodes.SelectMany(node => node.Inputs).CountBy(input => input).ToDictionary();
        var drawn = new Dictionary<Node, DiagramBox>();
        List<DiagramStage> stages = [];
        foreach (var nodes in network.Nodes.Where(node => aux || network.IsMain(node)).GroupBy(node => node.Stage, StringComparer.Ordinal))
        {
            var boxes = Boxes(nodes, drawn, readers);
            var stage = new DiagramStage(boxes);
            if (stages.Count > 0 && Repeats(stages[^1], stage, readers))
            {
                foreach (var (box, same) in stage.Boxes.Zip(stages[^1].Boxes))
                {
                    foreach (var node in box.Nodes)
                        drawn[node] = same;
                }

                stages[^1].Repeat(stage);
            }
            else
            {
                stages.Add(stage);
            }
        }

        return stages;
    }

    private static List<DiagramBox> Boxes(IEnumerable<Node> nodes, Dictionary<Node, DiagramBox> drawn, Dictionary<Node, int> readers)
    {
        List<DiagramBox> boxes = [];
        foreach (var node in nodes)
        {
            if (node.Inputs is [var input] && readers[input] == 1 && boxes.Contains(drawn[input]) && drawn[input].TryTake(node))
            {
                drawn[node] = drawn[input];
                continue;
            }

            var box = new DiagramBox(node, [.. node.Inputs.Select(from => drawn[from])]);
            drawn[node] = box;
            boxes.Add(box);
        }

        return boxes;
    }

    /// <summary>Whether a stage does again what the one before it does, and nothing else reads what is between them.</summary>
    private static bool Repeats(DiagramStage stage, DiagramStage next, Dictionary<Node, int> readers)
    {
        var between = stage.Output.Nodes[^1];
        return stage.IsModule
            && next.IsModule
            && next.Input == stage.Output
            && readers[between] == next.Boxes.Sum(box => box.Inputs.Count(input => input == stage.Output))
            && Layers(stage).SequenceEqual(Layers(next));
    }

    private static IEnumerable<(Layer, Shape, string)> Layers(DiagramStage stage)
    {
        var places = stage.Boxes.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return stage.Boxes.SelectMany(box =>
            box.Nodes.Select(node =>
                (node.Layer, node.Output, string.Join(' ', box.Inputs.Select(input => places.GetValueOrDefault(input, -1))))
            )
        );
    }
}
