using System.Globalization;
using System.Text;
using static Saccade.Training.Svg;

namespace Saccade.Bench.Report.Charts;

/// <summary>Throughput to the right, latency upwards on a logarithmic axis, as SVG: the further down and to the right, the
/// better.</summary>
/// <param name="title">Above the image.</param>
/// <param name="throughput">Below the horizontal axis.</param>
/// <param name="latency">Above the vertical axis.</param>
internal sealed class LatencyChart(string title, string throughput, string latency)
{
    private const int Width = 720;
    private const int Height = 440;
    private const int Left = 64;
    private const int Right = 190;
    private const int Top = 56;
    private const int Bottom = 48;
    private const int LegendStep = 18;

    // Distinct to the colour-blind (Okabe and Ito).
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444"];

    /// <summary>The image; points that are no numbers are left out.</summary>
    public string Draw(IReadOnlyList<ChartLine> lines)
    {
        var drawn = lines
            .Select(line => line with { Points = [.. line.Points.Where(point => double.IsFinite(point.X) && point.Y > 0)] })
            .ToList();
        var points = drawn.SelectMany(line => line.Points).DefaultIfEmpty(new(1, 1)).ToList();
        var columns = AxisTicks.Linear(points.Max(point => point.X));
        var rows = AxisTicks.Logarithmic(points.Min(point => point.Y), points.Max(point => point.Y));
        double X(double value) => Left + ((Width - Left - Right) * value / columns[^1]);
        double Y(double value) => Height - Bottom - ((Height - Top - Bottom) * Math.Log(value / rows[0]) / Math.Log(rows[^1] / rows[0]));

        var svg = new StringBuilder();
        Add(
            svg,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"11\">"
        );
        Add(svg, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        Add(svg, $"<text x=\"{Left}\" y=\"20\" font-size=\"14\" font-weight=\"bold\">{Escape(title)}</text>");
        Add(svg, $"<text x=\"{Left - 40}\" y=\"{Top - 14}\">{Escape(latency)}</text>");
        Add(svg, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">{Escape(throughput)}</text>");
        foreach (var row in rows)
        {
            Add(svg, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(row):F1}\" y2=\"{Y(row):F1}\" stroke=\"#dddddd\"/>");
            Add(svg, $"<text x=\"{Left - 6}\" y=\"{Y(row) + 4:F1}\" text-anchor=\"end\">{row:0.###}</text>");
        }

        foreach (var column in columns)
        {
            Add(svg, $"<line x1=\"{X(column):F1}\" x2=\"{X(column):F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" stroke=\"#eeeeee\"/>");
            Add(svg, $"<text x=\"{X(column):F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{column:0.###}</text>");
        }

        for (var index = 0; index < drawn.Count; index++)
            Line(svg, drawn[index], Colours[index % Colours.Length], Top + 8 + (index * LegendStep), X, Y);
        return Add(svg, $"</svg>").ToString();
    }

    private static void Line(StringBuilder svg, ChartLine line, string colour, int legend, Func<double, double> x, Func<double, double> y)
    {
        var dash = line.Dashed ? " stroke-dasharray=\"5 4\"" : "";
        var path = string.Join(
            ' ',
            line.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{x(point.X):F1},{y(point.Y):F1}"))
        );
        Add(svg, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"{dash}/>");
        foreach (var point in line.Points)
        {
            Add(svg, $"<circle cx=\"{x(point.X):F1}\" cy=\"{y(point.Y):F1}\" r=\"2.5\" fill=\"{colour}\"/>");
            if (point.Label.Length == 0)
                continue;
            Add(svg, $"<text x=\"{x(point.X) + 4:F1}\" y=\"{y(point.Y) - 4:F1}\" font-size=\"9\"");
            Add(svg, $" fill=\"{colour}\">{Escape(point.Label)}</text>");
        }

        Add(svg, $"<line x1=\"{Width - Right + 14}\" x2=\"{Width - Right + 36}\" y1=\"{legend}\" y2=\"{legend}\"");
        Add(svg, $" stroke=\"{colour}\" stroke-width=\"2\"{dash}/>");
        Add(svg, $"<text x=\"{Width - Right + 42}\" y=\"{legend + 4}\">{Escape(line.Name)}</text>");
    }
}
