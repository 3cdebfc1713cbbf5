using System.Globalization;
using System.Text;
using Saccade.Inference.Bundles;
using Saccade.Training.Evaluation;
using Saccade.Training.Tuning;
using static Saccade.Training.Svg;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>Draws accuracy against compute: a line for each model and for all together through the fixed plans, and a point for
/// auto.</summary>
internal static class AccuracyPlot
{
    private const int Width = 720;
    private const int Height = 476;
    private const int Left = 84;
    private const int Right = 24;
    private const int Top = 56;
    private const int Bottom = 56;
    private const int GridLines = 5;
    private const int LegendColumn = 150;
    private const int LegendColumns = 4;

    /// <summary>The plot as an SVG document.</summary>
    /// <param name="table">The members' scores.</param>
    /// <param name="plans">Fixed plans to show.</param>
    /// <param name="auto">What auto comes to.</param>
    public static string Draw(ScoreTable table, IReadOnlyList<CropMode> plans, PlanMeasurement auto)
    {
        List<Line> lines =
        [
            .. table.Members.Select((member, index) => new Line(member.Name, LineColour(index), Points(table, plans, index))),
        ];
        if (table.Members.Count > 1)
            lines.Add(new("all together", "#222222", Points(table, plans)));
        Point[] all = [.. lines.SelectMany(line => line.Points), new("auto", auto.Macs, auto.Scores.Top1)];
        var scale = new Scale(all);

        var svg = Begin(Width, Height);
        Grid(svg, scale);
        for (var index = 0; index < lines.Count; index++)
            Draw(svg, scale, lines[index], index);
        Mark(svg, scale, all[^1], "#c4321b", 6, "auto");
        Add(svg, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 12}\" text-anchor=\"middle\">");
        Add(svg, $"multiply-adds per image, millions (logarithmic)</text>");
        var middle = (Top + Height - Bottom) / 2;
        Add(svg, $"<text x=\"14\" y=\"{middle}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {middle})\">");
        Add(svg, $"top-1 on {table.Count:N0} images</text>");
        return Add(svg, $"</svg>").ToString();
    }

    private static Point[] Points(ScoreTable table, IReadOnlyList<CropMode> plans, params int[] members) =>
        [
            .. plans.Select(plan => new Point(
                plan.ToString(),
                FixedPlans.Macs(table, plan, members),
                FixedPlans.Score(table, plan, members).Top1
            )),
        ];

    private static void Grid(StringBuilder svg, Scale scale)
    {
        var step = RoundStep((scale.High - scale.Low) / GridLines);
        for (var value = Math.Ceiling(scale.Low / step) * step; value <= scale.High; value += step)
            GridLine(svg, Left, Width - Right, scale.Y(value), string.Create(CultureInfo.InvariantCulture, $"{value * 100:F2} %"));

        for (var power = Math.Ceiling(Math.Log10(scale.Least)); power <= Math.Log10(scale.Most); power++)
        {
            var macs = Math.Pow(10, power);
            Add(
                svg,
                $"<line x1=\"{scale.X(macs):F1}\" x2=\"{scale.X(macs):F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" stroke=\"#eeeeee\"/>"
            );
            Add(svg, $"<text x=\"{scale.X(macs):F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{macs / 1e6:0.######}</text>");
        }
    }

    private static void Draw(StringBuilder svg, Scale scale, Line line, int index)
    {
        var path = Svg.Points(line.Points.Select(point => (scale.X(point.Macs), scale.Y(point.Top1))));
        Add(svg, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{line.Colour}\" stroke-width=\"1.5\"/>");
        foreach (var point in line.Points)
            Mark(svg, scale, point, line.Colour, 3, point.Name);
        Add(svg, $"<text x=\"{Left + (LegendColumn * (index % LegendColumns))}\" y=\"{18 + (16 * (index / LegendColumns))}\"");
        Add(svg, $" fill=\"{line.Colour}\" font-weight=\"bold\">{Escape(line.Name)}</text>");
    }

    private static void Mark(StringBuilder svg, Scale scale, Point point, string colour, int radius, string name)
    {
        Add(svg, $"<circle cx=\"{scale.X(point.Macs):F1}\" cy=\"{scale.Y(point.Top1):F1}\" r=\"{radius}\" fill=\"{colour}\"/>");
        Add(
            svg,
            $"<text x=\"{scale.X(point.Macs) + radius + 2:F1}\" y=\"{scale.Y(point.Top1) - 4:F1}\" fill=\"{colour}\">{Escape(name)}</text>"
        );
    }

    private sealed record Point(string Name, double Macs, double Top1);

    private sealed record Line(string Name, string Colour, Point[] Points);

    /// <summary>From values to places, with a little room on every side.</summary>
    private sealed class Scale
    {
        public Scale(Point[] points)
        {
            (Least, Most) = (Math.Max(1, points.Min(point => point.Macs)) / 1.5, Math.Max(1, points.Max(point => point.Macs)) * 2);
            var (low, high) = (points.Min(point => point.Top1), points.Max(point => point.Top1));
            var room = Math.Max(0.0005, (high - low) * 0.08);
            (Low, High) = (low - room, high + room);
        }

        public double Least { get; }

        public double Most { get; }

        public double Low { get; }

        public double High { get; }

        public double X(double macs) =>
            Left + ((Width - Left - Right) * (Math.Log(Math.Max(1, macs)) - Math.Log(Least)) / (Math.Log(Most) - Math.Log(Least)));

        public double Y(double top1) => Top + ((Height - Top - Bottom) * (High - top1) / (High - Low));
    }
}
