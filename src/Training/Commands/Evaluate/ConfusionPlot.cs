using System.Text;
using Saccade.Training.Evaluation;
using static Saccade.Training.Svg;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>Draws the confusion matrix: a row for each true class, shaded by the share of its images that got each answer.</summary>
internal static class ConfusionPlot
{
    private const int Matrix = 640;
    private const int LargestCell = 44;
    private const int LeastForLabels = 9;
    private const int LeastForNumbers = 26;
    private const int Top = 36;
    private const int Right = 24;
    private const double LetterWidth = 6.2; // of the font, on average
    private const int WidestLabel = 170;

    /// <summary>The plot as an SVG document.</summary>
    public static string Draw(IReadOnlyList<string> labels, Scores scores)
    {
        var cell = Math.Min(LargestCell, Math.Max(1.0, (double)Matrix / labels.Count));
        var named = cell >= LeastForLabels;
        var margin = named ? 30 + Math.Min(WidestLabel, LetterWidth * labels.Max(label => label.Length)) : 30;
        var side = cell * labels.Count;
        var (width, height) = (margin + side + Right, Top + side + margin);

        var svg = Begin(width, height);
        Add(svg, $"<text x=\"{margin:F1}\" y=\"20\" font-weight=\"bold\">images by true class (row) and answer (column)</text>");
        Add(svg, $"<rect x=\"{margin:F1}\" y=\"{Top}\" width=\"{side:F1}\" height=\"{side:F1}\" fill=\"none\" stroke=\"#999999\"/>");
        for (var actual = 0; actual < labels.Count; actual++)
        {
            if (named)
                Name(svg, labels[actual], margin, Top + side, cell, actual);
            for (var predicted = 0; predicted < labels.Count; predicted++)
            {
                if (scores.Confusion(actual, predicted) > 0)
                    Fill(svg, scores, actual, predicted, margin + (cell * predicted), Top + (cell * actual), cell);
            }
        }

        return Add(svg, $"</svg>").ToString();
    }

    private static void Name(StringBuilder svg, string label, double left, double bottom, double cell, int index)
    {
        var most = (int)(WidestLabel / LetterWidth);
        var text = Escape(label.Length <= most ? label : label[..(most - 1)] + "…");
        Add(svg, $"<text x=\"{left - 6:F1}\" y=\"{Top + (cell * (index + 0.5)) + 4:F1}\" text-anchor=\"end\">{text}</text>");
        var (x, y) = (left + (cell * (index + 0.5)) + 4, bottom + 6);
        Add(svg, $"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"end\" transform=\"rotate(-90 {x:F1} {y:F1})\">{text}</text>");
    }

    private static void Fill(StringBuilder svg, Scores scores, int actual, int predicted, double x, double y, double cell)
    {
        var count = scores.Confusion(actual, predicted);
        var share = (double)count / scores.Support(actual);
        var colour = actual == predicted ? "#1f6fb2" : "#c4321b";
        Add(svg, $"<rect x=\"{x:F1}\" y=\"{y:F1}\" width=\"{cell:F1}\" height=\"{cell:F1}\" fill=\"{colour}\"");
        Add(svg, $" fill-opacity=\"{0.08 + (0.92 * share):F3}\"/>");
        if (cell < LeastForNumbers)
            return;
        Add(svg, $"<text x=\"{x + (cell / 2):F1}\" y=\"{y + (cell / 2) + 4:F1}\" text-anchor=\"middle\"");
        Add(svg, $" fill=\"{(share > 0.5 ? "white" : "#222222")}\">{count}</text>");
    }
}
