using Saccade.Training.Networks;

namespace Saccade.Training.Commands.Describe;

/// <summary>From a graph to the boxes and stages that are drawn.</summary>
internal static class PictureStages
{
    /// <summary>The stages in computing order. Equal ones that follow each other are one that says how often.</summary>
    public static List<PictureStage> Of(Network network, bool sideHeads)
    {
        var readers = network.Nodes.SelectMany(node => node.Inputs).CountBy(input => input).ToDictionary();
        var drawn = new Dictionary<Node, PictureBox>();
        List<PictureStage> stages = [];
        foreach (
            var nodes in network.Nodes.Where(node => sideHeads || network.IsMain(node)).GroupBy(node => node.Stage, StringComparer.Ordinal)
        )
        {
            var boxes = Boxes(nodes, drawn, readers);
            var stage = new PictureStage(boxes);
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

    private static List<PictureBox> Boxes(IEnumerable<Node> nodes, Dictionary<Node, PictureBox> drawn, Dictionary<Node, int> readers)
    {
        List<PictureBox> boxes = [];
        foreach (var node in nodes)
        {
            if (node.Inputs is [var input] && readers[input] == 1 && boxes.Contains(drawn[input]) && drawn[input].TryTake(node))
            {
                drawn[node] = drawn[input];
                continue;
            }

            var box = new PictureBox(node, [.. node.Inputs.Select(from => drawn[from])]);
            drawn[node] = box;
            boxes.Add(box);
        }

        return boxes;
    }

    /// <summary>Whether a stage does again what the one before it does, and nobody looks at what is between them.</summary>
    private static bool Repeats(PictureStage stage, PictureStage next, Dictionary<Node, int> readers)
    {
        var between = stage.Output.Nodes[^1];
        return stage.IsModule
            && next.IsModule
            && next.Input == stage.Output
            && readers[between] == next.Boxes.Sum(box => box.Inputs.Count(input => input == stage.Output))
            && Layers(stage).SequenceEqual(Layers(next));
    }

    private static IEnumerable<(Layer, Shape, string)> Layers(PictureStage stage)
    {
        var places = stage.Boxes.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return stage.Boxes.SelectMany(box =>
            box.Nodes.Select(node =>
                (node.Layer, node.Output, string.Join(' ', box.Inputs.Select(input => places.GetValueOrDefault(input, -1))))
            )
        );
    }
}
