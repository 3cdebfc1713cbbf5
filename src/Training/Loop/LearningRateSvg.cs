using System.Globalization;
using System.Text;
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
        var (low, high) = (trials.Min(trial => trial.Loss), trials.Max(trial => trial.Loss));
        if (high - low < 1e-9)
            (low, high) = (low - 0.5, high + 0.5);
        var (first, last) = (Math.Floor(Math.Log10(trials[0].Rate)), Math.Ceiling(Math.Log10(trials[^1].Rate) + 1e-9));
        double X(double rate) => Left + ((Width - Left - Right) * (Math.Log10(rate) - first) / (last - first));
        double Y(double loss) => Top + ((Height - Top - Bottom) * (high - loss) / (high - low));

        var svg = new StringBuilder();
        Add(
            svg,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"11\">"
        );
        Add(svg, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        Add(svg, $"<text x=\"{Left}\" y=\"{Top - 10}\" font-weight=\"bold\">training loss, smoothed</text>");
        for (var i = 0; i <= GridLines; i++)
        {
            var loss = low + ((high - low) * i / GridLines);
            var text = loss.ToString("0.###", CultureInfo.InvariantCulture);
            Add(svg, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(loss):F1}\" y2=\"{Y(loss):F1}\" stroke=\"#dddddd\"/>");
            Add(svg, $"<text x=\"{Left - 6}\" y=\"{Y(loss) + 4:F1}\" text-anchor=\"end\">{text}</text>");
        }

        for (var power = first; power <= last; power++)
            Add(svg, $"<text x=\"{X(Math.Pow(10, power)):F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">1e{power:0}</text>");

        var path = string.Join(
            ' ',
            trials.Select(trial => string.Create(CultureInfo.InvariantCulture, $"{X(trial.Rate):F1},{Y(trial.Loss):F1}"))
        );
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
