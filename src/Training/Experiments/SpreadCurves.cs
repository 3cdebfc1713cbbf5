using System.Globalization;
using System.Text;
using static Saccade.Training.Svg;

namespace Saccade.Training.Experiments;

/// <summary>Draws an experiment: held-out top-1 by epoch, for each variant the mean of its runs as a line and all of them as a
/// band.</summary>
internal static class SpreadCurves
{
    private const int Width = 720;
    private const int Height = 420;
    private const int Left = 60;
    private const int Right = 200;
    private const int Top = 36;
    private const int Bottom = 44;
    private const int GridLines = 5;
    private const int LegendLine = 18;

    // Told apart by people who see colours differently, too (Okabe and Ito).
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#b8a800"];

    /// <summary>The plot as an SVG document.</summary>
    public static string Draw(string title, IReadOnlyList<VariantResult> results)
    {
        var svg = Begin(Width, Height);
        Add(svg, $"<text x=\"{Left}\" y=\"18\" font-weight=\"bold\">{Escape(title)}</text>");
        if (results.Count > 0)
            Plot(svg, results);
        return Add(svg, $"</svg>").ToString();
    }

    private static void Plot(StringBuilder svg, IReadOnlyList<VariantResult> results)
    {
        var last = Math.Max(2, results.Max(result => result.Runs.Max(run => run.Curve.Count)));
        var (low, high) = Range(results);
        double X(int epoch) => Left + ((Width - Left - Right) * (epoch - 1.0) / (last - 1));
        double Y(double value) => Top + ((Height - Top - Bottom) * (high - Math.Clamp(value, low, high)) / (high - low));
        string Points(IEnumerable<(int Epoch, double Value)> points) =>
            Svg.Points(points.Select(point => (X(point.Epoch), Y(point.Value))));

        for (var i = 0; i <= GridLines; i++)
        {
            var value = low + ((high - low) * i / GridLines);
            GridLine(svg, Left, Width - Right, Y(value), string.Create(CultureInfo.InvariantCulture, $"{value * 100:F1} %"));
        }

        foreach (var epoch in new[] { 1, (1 + last) / 2, last }.Distinct())
            Add(svg, $"<text x=\"{X(epoch):F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{epoch}</text>");
        Add(svg, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">epoch</text>");

        foreach (var (index, result) in results.Index())
        {
            var colour = Colours[index % Colours.Length];
            var epochs = Enumerable.Range(1, result.Runs.Min(run => run.Curve.Count)).ToList();
            double[] At(int epoch) => [.. result.Runs.Select(run => run.Curve[epoch - 1])];
            var band = epochs
                .Select(epoch => (epoch, At(epoch).Max()))
                .Concat(epochs.AsEnumerable().Reverse().Select(epoch => (epoch, At(epoch).Min())));
            Add(svg, $"<polygon points=\"{Points(band)}\" fill=\"{colour}\" fill-opacity=\"0.15\"/>");
            var means = epochs.Select(epoch => (epoch, At(epoch).Average()));
            Add(svg, $"<polyline points=\"{Points(means)}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\"/>");
            var y = Top + (index * LegendLine);
            var left = Width - Right + 12;
            Add(svg, $"<line x1=\"{left}\" x2=\"{left + 20}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{colour}\" stroke-width=\"3\"/>");
            Add(svg, $"<text x=\"{Width - Right + 38}\" y=\"{y + 4}\">{Escape(result.Variant.Name)}</text>");
        }
    }

    // The first epochs would flatten everything that matters.
    private static (double Low, double High) Range(IReadOnlyList<VariantResult> results)
    {
        var late = results.SelectMany(result => result.Runs).SelectMany(run => run.Curve.Skip((run.Curve.Count - 1) / 3)).ToList();
        var (low, high) = (late.Min(), late.Max());
        return high - low < 0.01 ? (low - 0.005, high + 0.005) : (low, high);
    }
}
