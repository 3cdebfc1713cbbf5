using System.Globalization;
using System.Text;
using static Saccade.Training.Svg;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>Draws how much accuracy is left after each corruption, and how far confidence can be trusted: a reliability diagram over clean
/// and corrupted images alike.</summary>
internal static class RobustnessPlot
{
    private const int Left = 60;
    private const int Top = 40;
    private const int Side = 320;
    private const int Gap = 90;
    private const int Right = Left + Side + Gap;
    private const int Width = Right + Side + 24;
    private const int LegendLine = 16;
    private const int Lines = 5;

    /// <summary>The figure as an SVG document.</summary>
    /// <param name="rows">At least one, all with the same corruptions.</param>
    public static string Draw(IReadOnlyList<RobustnessRow> rows)
    {
        var svg = Begin(Width, Top + Side + 48 + (LegendLine * rows.Count));
        Axes(svg, rows[0]);
        for (var index = 0; index < rows.Count; index++)
        {
            var colour = LineColour(index);
            var figures = rows[index].Figures;
            Line(svg, colour, figures.Select((figure, at) => (X(at, figures.Count), Y(figure.Scores.Top1))));
            var bins = figures
                .SelectMany(figure => figure.Scores.Reliability)
                .GroupBy(bin => bin.Index)
                .OrderBy(group => group.Key)
                .Select(group =>
                {
                    var answers = group.Sum(bin => bin.Answers);
                    return (
                        Right + (Side * group.Sum(bin => bin.Probability * bin.Answers) / answers),
                        Y(group.Sum(bin => bin.Right * bin.Answers) / answers)
                    );
                });
            Line(svg, colour, bins);
            var y = Top + Side + 48 + (LegendLine * index);
            Add(svg, $"<rect x=\"{Left}\" y=\"{y - 8}\" width=\"12\" height=\"8\" fill=\"{colour}\"/>");
            Add(svg, $"<text x=\"{Left + 18}\" y=\"{y}\">{Escape(rows[index].Name)}</text>");
        }

        return Add(svg, $"</svg>").ToString();
    }

    private static void Axes(StringBuilder svg, RobustnessRow row)
    {
        Add(svg, $"<text x=\"{Left}\" y=\"20\" font-weight=\"bold\">top-1 on {row.Figures[0].Scores.Images:N0} images</text>");
        Add(svg, $"<text x=\"{Right}\" y=\"20\" font-weight=\"bold\">share that was right, by confidence, all kinds together</text>");
        for (var line = 0; line <= Lines; line++)
        {
            var value = (double)line / Lines;
            var text = string.Create(CultureInfo.InvariantCulture, $"{value * 100:F0} %");
            GridLine(svg, Left, Left + Side, Y(value), text);
            GridLine(svg, Right, Right + Side, Y(value), text);
            Add(svg, $"<text x=\"{Right + (Side * value):F1}\" y=\"{Top + Side + 16}\" text-anchor=\"middle\">{text}</text>");
        }

        Add(
            svg,
            $"<line x1=\"{Right}\" y1=\"{Y(0):F1}\" x2=\"{Right + Side}\" y2=\"{Y(1):F1}\" stroke=\"#999999\" stroke-dasharray=\"4 4\"/>"
        );
        for (var at = 0; at < row.Figures.Count; at++)
        {
            Add(svg, $"<text x=\"{X(at, row.Figures.Count):F1}\" y=\"{Top + Side + 16}\" text-anchor=\"middle\">");
            Add(svg, $"{row.Figures[at].Name}</text>");
        }
    }

    private static void Line(StringBuilder svg, string colour, IEnumerable<(double X, double Y)> points)
    {
        var corners = points.ToArray();
        Add(svg, $"<polyline points=\"{Points(corners)}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
        foreach (var (x, y) in corners)
            Add(svg, $"<circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"3\" fill=\"{colour}\"/>");
    }

    private static double X(int at, int count) => Left + (Side * (at + 0.5) / count);

    private static double Y(double value) => Top + (Side * (1 - value));
}
