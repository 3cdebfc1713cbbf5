using System.Globalization;
using System.Text;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;
using static Saccade.Training.Markdown;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>A folder that says how good a model is: <c>report.md</c> and its pictures.</summary>
internal static class ReportFolder
{
    private const string ConfusionFile = "confusion.svg";
    private const string ReliabilityFile = "reliability.svg";
    private const string MistakesFile = "mistakes.svg";
    private const int SheetColumns = 8;
    private const int MostConfusions = 20;

    /// <summary>The report itself.</summary>
    public static string FileIn(string folder) => Path.Combine(folder, "report.md");

    /// <summary>Writes a report; files of the same names are replaced.</summary>
    /// <param name="folder">Created if need be.</param>
    /// <param name="model">What the model is called.</param>
    /// <param name="dataName">What the data is called.</param>
    /// <param name="data">Its held-out part was measured.</param>
    /// <param name="reports">By crop plan; the first is told in detail.</param>
    public static void Write(
        string folder,
        string model,
        string dataName,
        DataSet data,
        IReadOnlyDictionary<string, EvaluationReport> reports
    )
    {
        Directory.CreateDirectory(folder);
        var (plan, first) = reports.First();
        var scores = first.Measured.Scores;
        AtomicFile.WriteText(Path.Combine(folder, ConfusionFile), ConfusionPlot.Draw(data.Labels, scores));
        AtomicFile.WriteText(Path.Combine(folder, ReliabilityFile), ReliabilityPlot.Draw(scores));

        var text = new StringBuilder();
        Line(text, $"# How good {Escape(model)} is");
        Line(text, $"");
        Line(text, $"{data.HeldOut.Count:N0} images of `{dataName}`. {Escape(data.Split.TrimEnd('.'))}.");
        if (EvaluationReport.Absent(data) is { } absent)
            Line(text, $"{Escape(absent)}");
        AppendPlans(text, reports);
        Line(text, $"");
        Line(text, $"All that follows is for crops {plan}.");
        AppendClasses(text, data, scores);
        AppendConfusions(text, data, scores);
        Line(text, $"");
        Line(text, $"## Confidence");
        Line(text, $"");
        Line(text, $"![Reliability diagram]({ReliabilityFile})");
        Line(text, $"");
        Line(text, $"Below the dashed line the model is too sure of itself; `evaluate --tune` fits the temperature that mends it.");
        AppendMistakes(text, folder, data, scores);
        AtomicFile.WriteText(FileIn(folder), text.ToString());
    }

    private static void AppendPlans(StringBuilder text, IReadOnlyDictionary<string, EvaluationReport> reports)
    {
        Line(text, $"");
        Line(text, $"| crops | top-1 | 95 % interval | top-5 | precision | recall | F1 | calibration error | crops used |");
        Line(text, $"|---|---|---|---|---|---|---|---|---|");
        foreach (var (crops, report) in reports)
        {
            var scores = report.Measured.Scores;
            var (low, high) = ConfidenceInterval.Of(scores.Top1, Math.Max(1, scores.Images));
            var top1 = $"{Percent(scores.Top1)} | {Percent(low)} to {Percent(high)}";
            double[] others = [scores.Top5, scores.MacroPrecision, scores.MacroRecall, scores.MacroF1, scores.CalibrationError];
            Line(text, $"| {crops} | {top1} | {Cells(others)} | {report.Measured.CropsUsed:F2} |");
        }

        Line(text, $"");
        Line(text, $"Precision, recall and F1 are means over the classes that have images.");
    }

    private static void AppendClasses(StringBuilder text, DataSet data, Scores scores)
    {
        Line(text, $"");
        Line(text, $"## Classes");
        Line(text, $"");
        Line(text, $"| class | precision | recall | F1 | images | most often taken for |");
        Line(text, $"|---|---|---|---|---|---|");
        foreach (var label in Enumerable.Range(0, scores.Classes).Where(label => scores.Support(label) > 0))
        {
            var other = EvaluationReport.MostConfused(scores, label) is { } taken
                ? $"{Escape(data.Labels[taken])} ({scores.Confusion(label, taken)})"
                : "";
            double[] shares = [scores.Precision(label), scores.Recall(label), scores.F1(label)];
            Line(text, $"| {Escape(data.Labels[label])} | {Cells(shares)} | {scores.Support(label)} | {other} |");
        }
    }

    private static void AppendConfusions(StringBuilder text, DataSet data, Scores scores)
    {
        var pairs = Enumerable
            .Range(0, scores.Classes * scores.Classes)
            .Select(cell => (Actual: cell / scores.Classes, Predicted: cell % scores.Classes))
            .Where(pair => pair.Actual != pair.Predicted && scores.Confusion(pair.Actual, pair.Predicted) > 0)
            .OrderByDescending(pair => scores.Confusion(pair.Actual, pair.Predicted))
            .Take(MostConfusions)
            .ToArray();
        Line(text, $"");
        Line(text, $"## Confusion");
        Line(text, $"");
        Line(text, $"![Confusion matrix]({ConfusionFile})");
        if (pairs.Length == 0)
            return;
        Line(text, $"");
        Line(text, $"| images of | taken for | how many |");
        Line(text, $"|---|---|---|");
        foreach (var (actual, predicted) in pairs)
        {
            var count = scores.Confusion(actual, predicted);
            Line(text, $"| {Escape(data.Labels[actual])} | {Escape(data.Labels[predicted])} | {count} |");
        }
    }

    private static void AppendMistakes(StringBuilder text, string folder, DataSet data, Scores scores)
    {
        var sheet = Path.Combine(folder, MistakesFile);
        Line(text, $"");
        Line(text, $"## Worst mistakes");
        Line(text, $"");
        if (scores.WorstMistakes.Count == 0)
        {
            File.Delete(sheet); // of an earlier report
            Line(text, $"There are none.");
            return;
        }

        ContactSheet.Write(
            sheet,
            [
                .. scores.WorstMistakes.Select(mistake => new ContactSheetTile(
                    () => data.HeldOut.Load(mistake.Image),
                    [
                        $"{data.Labels[mistake.Actual]}",
                        string.Create(CultureInfo.InvariantCulture, $"→ {data.Labels[mistake.Predicted]} {mistake.Probability * 100:F1} %"),
                    ]
                )),
            ],
            SheetColumns
        );
        Line(text, $"The wrong answers that the model was surest of. Some of them may be images in the wrong folder.");
        Line(text, $"");
        Line(text, $"![Worst mistakes]({MistakesFile})");
        Line(text, $"");
        Line(text, $"| image | class | taken for | confidence |");
        Line(text, $"|---|---|---|---|");
        foreach (var mistake in scores.WorstMistakes)
        {
            string[] names = [Name(data.HeldOut, mistake.Image), data.Labels[mistake.Actual], data.Labels[mistake.Predicted]];
            Line(text, $"| {string.Join(" | ", names.Select(Escape))} | {mistake.Probability * 100:F1} % |");
        }
    }

    /// <summary>An image's file with the folder it lies in, or its number.</summary>
    private static string Name(IImageSource source, int image) =>
        source.FileOf(image) is { } file
            ? $"{Path.GetFileName(Path.GetDirectoryName(file))}/{Path.GetFileName(file)}"
            : string.Create(CultureInfo.InvariantCulture, $"number {image}");

    private static string Cells(double[] shares) => string.Join(" | ", shares.Select(Percent));

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:F2} %");
}
