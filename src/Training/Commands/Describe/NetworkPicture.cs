using System.Globalization;
using System.Security;
using System.Text;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Commands.Describe;

/// <summary>
/// A network as an SVG: computing order from top to bottom, branches side by side, grouped by stage. A rectifier or a normalisation is
/// drawn as part of the convolution before it, as in the papers' figures.
/// </summary>
internal static class NetworkPicture
{
    private const int BoxWidth = 168;
    private const int BoxHeight = 34;
    private const int ColumnStep = BoxWidth + 20;
    private const int RowStep = BoxHeight + 26;
    private const int Margin = 24;

    internal static string Draw(Network network, bool sideHeads)
    {
        var boxes = Boxes(network, sideHeads);
        Place(boxes);
        var width = (boxes.Max(box => box.Column) * ColumnStep) + BoxWidth + (2 * Margin);
        var height = (boxes.Max(box => box.Row) * RowStep) + BoxHeight + (2 * Margin);

        var svg = new StringBuilder();
        Line($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:0} {height}' font-family='sans-serif' text-anchor='middle'>");
        Line($"<title>{SecurityElement.Escape(network.Name)}</title>");
        Line($"<rect width='{width:0}' height='{height}' fill='#ffffff'/>");
        foreach (var box in boxes)
        {
            foreach (var from in box.From)
                Line($"<path d='M{from.X:0.#} {from.Y + BoxHeight} C{from.X:0.#} {box.Y - 12} {box.X:0.#} {from.Y + BoxHeight + 12} {box.X:0.#} {box.Y}' fill='none' stroke='#9aa5b1'/>");
        }

        foreach (var box in boxes)
        {
            Line($"<rect x='{box.X - (BoxWidth / 2.0):0.#}' y='{box.Y}' width='{BoxWidth}' height='{BoxHeight}' rx='5' fill='{Colour(box.Node.Layer)}' stroke='#52606d'/>");
            Line($"<text x='{box.X:0.#}' y='{box.Y + 14}' font-size='11'>{SecurityElement.Escape(box.Title)}</text>");
            Line($"<text x='{box.X:0.#}' y='{box.Y + 27}' font-size='9' fill='#52606d'>{SecurityElement.Escape(box.Subtitle)}</text>");
        }

        Line($"</svg>");
        return svg.ToString();

        void Line(FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static List<Box> Boxes(Network network, bool sideHeads)
    {
        var drawn = new Dictionary<Node, Box>();
        List<Box> boxes = [];
        foreach (var node in network.Nodes.Where(node => sideHeads || network.IsMain(node)))
        {
            if (node.Layer is Relu or BatchNorm && drawn.TryGetValue(node.Inputs[0], out var owner) && owner.Node.Layer is Conv or Linear)
            {
                drawn[node] = owner;
                continue;
            }

            var box = new Box(node, network.IsMain(node), [.. node.Inputs.Select(input => drawn[input])]);
            drawn[node] = box;
            boxes.Add(box);
        }

        return boxes;
    }

    /// <summary>
    /// Rows by the longest way from the input. Within a row a box stands below what it reads, boxes that read the same one beside each
    /// other, and neighbours are pushed apart until none overlap. Side heads get a lane of their own on the right.
    /// </summary>
    private static void Place(List<Box> boxes)
    {
        foreach (var box in boxes)
            box.Row = box.From.Count == 0 ? 0 : box.From.Max(from => from.Row) + 1;

        foreach (var row in boxes.Where(box => box.IsMain).GroupBy(box => box.Row).OrderBy(row => row.Key))
            PlaceRow([.. row]);

        var main = boxes.Where(box => box.IsMain).ToArray();
        var left = main.Min(box => box.Column);
        foreach (var box in main)
            box.Column -= left;
        foreach (var box in boxes.Where(box => !box.IsMain))
            box.Column = main.Max(other => other.Column) + 1;
    }

    private static void PlaceRow(Box[] row)
    {
        foreach (var siblings in row.Where(box => box.From.Count > 0).GroupBy(box => box.From.Average(from => from.Column)))
        {
            foreach (var (index, box) in siblings.Index())
                box.Column = siblings.Key + index - ((siblings.Count() - 1) / 2.0);
        }

        var ordered = row.OrderBy(box => box.Column).ToArray();
        var wanted = ordered.Average(box => box.Column);
        for (var i = 1; i < ordered.Length; i++)
            ordered[i].Column = Math.Max(ordered[i].Column, ordered[i - 1].Column + 1);

        var moved = ordered.Average(box => box.Column) - wanted;
        foreach (var box in ordered)
            box.Column -= moved;
    }

    private static string Colour(Layer layer) => layer switch
    {
        Conv => "#cfe3f7",
        Linear => "#f7d9cf",
        MaxPool or AvgPool or AdaptiveAvgPool or GlobalAvgPool => "#d6f0d6",
        Concat or Add => "#efe3f7",
        _ => "#f1f4f6",
    };

    private sealed class Box(Node node, bool isMain, IReadOnlyList<Box> from)
    {
        public Node Node => node;

        public bool IsMain => isMain;

        public IReadOnlyList<Box> From => from;

        public int Row { get; set; }

        public double Column { get; set; }

        public double X => Margin + (Column * ColumnStep) + (BoxWidth / 2.0);

        public int Y => Margin + (Row * RowStep);

        public string Title => string.Join(' ', new[] { node.Layer.Kind, node.Layer.Detail, "→", node.Output.ToString() }.Where(word => word.Length > 0));

        public string Subtitle => node.Name;
    }
}
