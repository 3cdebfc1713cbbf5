using System.Globalization;
using static Saccade.Training.Svg;

namespace Saccade.Training.Loop;

/// <summary>Draws loss over learning rate, the rate on a logarithmic scale, and marks a rate.</summary>
internal static class LearningRateSvg
{
    private const int Width = 640;
    private const int Height = 320;
    private const int Left = 56;
    private const int Right = 16;
    private const int Top = 28;
    private const int Bottom = 44;
    private const int GridLines = 4;

    /// <summary>The plot as an SVG document.</summary>
    /// <param name="trials">At least one.</param>
    /// <param name="suggested">The rate that is marked.</param>
    public static string Draw(IReadOnlyList<RateTrial> trials, double suggested)
    {
        var (low, high) = Svg.Range([.. trials.Select(trial => trial.Loss)]);
        var (first, last) = (Math.Floor(Math.Log10(trials[0].Rate)), Math.Ceiling(Math.Log10(trials[^1].Rate) + 1e-9));
        double X(double rate) => Left + ((Width - Left - Right) * (Math.Log10(rate) - first) / (last - first));
        double Y(double loss) => Top + ((Height - Top - Bottom) * (high - loss) / (high - low));

        var svg = Begin(Width, Height);
        Add(svg, $"<text x=\"{Left}\" y=\"{Top - 10}\" font-weight=\"bold\">training loss, smoothed</text>");
        for (var i = 0; i <= GridLines; i++)
        {
            var loss = low + ((high - low) * i / GridLines);
            GridLine(svg, Left, Width - Right, Y(loss), loss.ToString("0.###", CultureInfo.InvariantCulture));
        }

        for (var power = first; power <= last; power++)
            Add(svg, $"<text x=\"{X(Math.Pow(10, power)):F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">1e{power:0}</text>");

        var path = Points(trials.Select(trial => (X(trial.Rate), Y(trial.Loss))));
        Add(svg, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"#1f6fb2\" stroke-width=\"1.5\"/>");
        var mark = X(Math.Max(suggested, Math.Pow(10, first)));
        Add(
            svg,
            $"<line x1=\"{mark:F1}\" x2=\"{mark:F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" stroke=\"#c46a1b\" stroke-dasharray=\"4 3\"/>"
        );
        Add(svg, $"<text x=\"{mark + 4:F1}\" y=\"{Top + 10}\" fill=\"#c46a1b\">--lr {suggested:0.##e+0}</text>");
        Add(svg, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">learning rate</text>");
        return Add(svg, $"</svg>").ToString();
    }
}
