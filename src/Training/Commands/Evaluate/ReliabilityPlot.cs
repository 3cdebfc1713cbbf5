using System.Globalization;
using Saccade.Training.Evaluation;
using static Saccade.Training.Svg;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>Draws the reliability diagram (Guo et al. 2017, Figure 1): for answers of about the same confidence, how many were
/// right.</summary>
internal static class ReliabilityPlot
{
    private const int Side = 320;
    private const int Left = 60;
    private const int Top = 40;
    private const int Width = Left + Side + 24;
    private const int Height = Top + Side + 48;
    private const int Lines = 5;

    /// <summary>The plot as an SVG document. The more answers a bin has, the wider its bar.</summary>
    public static string Draw(Scores scores)
    {
        var svg = Begin(Width, Height);
        Add(svg, $"<text x=\"{Left}\" y=\"20\" font-weight=\"bold\">");
        Add(svg, $"expected calibration error {scores.CalibrationError * 100:F2} %</text>");
        for (var line = 0; line <= Lines; line++)
        {
            var value = (double)line / Lines;
            GridLine(svg, Left, Left + Side, Y(value), string.Create(CultureInfo.InvariantCulture, $"{value * 100:F0} %"));
            Add(svg, $"<text x=\"{X(value):F1}\" y=\"{Top + Side + 16}\" text-anchor=\"middle\">{value * 100:F0} %</text>");
        }

        Add(
            svg,
            $"<line x1=\"{X(0):F1}\" y1=\"{Y(0):F1}\" x2=\"{X(1):F1}\" y2=\"{Y(1):F1}\" stroke=\"#999999\" stroke-dasharray=\"4 4\"/>"
        );
        foreach (var bin in scores.Reliability)
        {
            var width = Math.Max(2, 20 * Math.Sqrt((double)bin.Answers / scores.Images));
            Add(svg, $"<rect x=\"{X(bin.Probability) - (width / 2):F1}\" y=\"{Y(bin.Right):F1}\" width=\"{width:F1}\"");
            Add(svg, $" height=\"{Y(0) - Y(bin.Right):F1}\" fill=\"#1f6fb2\" fill-opacity=\"0.35\"/>");
            Add(svg, $"<circle cx=\"{X(bin.Probability):F1}\" cy=\"{Y(bin.Right):F1}\" r=\"3\" fill=\"#1f6fb2\">");
            Add(svg, $"<title>{bin.Answers} answers with {bin.Probability * 100:F1} %, {bin.Right * 100:F1} % right</title></circle>");
        }

        Add(svg, $"<text x=\"{Left + (Side / 2)}\" y=\"{Height - 10}\" text-anchor=\"middle\">mean confidence</text>");
        var middle = Top + (Side / 2);
        Add(svg, $"<text x=\"14\" y=\"{middle}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {middle})\">share that was right</text>");
        return Add(svg, $"</svg>").ToString();
    }

    private static double X(double value) => Left + (Side * Math.Clamp(value, 0, 1));

    private static double Y(double value) => Top + (Side * (1 - value));
}
