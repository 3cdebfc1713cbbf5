using System.Globalization;
using System.Text;
using Saccade.Training.Evaluation;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>A model, asked by one plan of crops, on clean and on corrupted images.</summary>
/// <param name="Name">Model and plan.</param>
/// <param name="Figures">The clean images first.</param>
internal sealed record RobustnessRow(string Name, IReadOnlyList<RobustnessFigure> Figures)
{
    /// <summary>What images are called that nothing was done to.</summary>
    public const string Clean = "clean";

    /// <summary>Top-1 by corruption, and the expected calibration error in brackets, as Markdown.</summary>
    public static string Table(IReadOnlyList<RobustnessRow> rows)
    {
        StringBuilder text = new();
        var columns = rows[0].Figures.Select(figure => figure.Name).ToArray();
        Markdown.Line(text, $"| top-1 (expected calibration error) | {string.Join(" | ", columns)} |");
        Markdown.Line(text, $"| --- | {string.Join(" | ", columns.Select(_ => "---"))} |");
        foreach (var row in rows)
            Markdown.Line(text, $"| {Markdown.Escape(row.Name)} | {string.Join(" | ", row.Figures.Select(Cell))} |");
        return text.ToString().TrimEnd();
    }

    private static string Cell(RobustnessFigure figure) =>
        string.Create(CultureInfo.InvariantCulture, $"{figure.Scores.Top1 * 100:F2} % ({figure.Scores.CalibrationError * 100:F1} %)");
}

/// <summary>What a model answered about images of one kind.</summary>
/// <param name="Name">What was done to them.</param>
/// <param name="Scores">Right and wrong answers.</param>
internal sealed record RobustnessFigure(string Name, Scores Scores);
