using System.Globalization;
using System.Text;
using System.Text.Json;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>What one crop plan measured.</summary>
/// <param name="Measured">Answers and what they cost.</param>
/// <param name="ImagesPerSecond">Images a second, loading included; null where the answers were computed from logits that were
/// kept.</param>
internal sealed record EvaluationReport(PlanMeasurement Measured, double? ImagesPerSecond)
{
    private const int MostCrops = 144;
    private const int MostAbsent = 20;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>For people: totals by crop count, then each class with what it is most often taken for.</summary>
    /// <param name="data">What was measured on.</param>
    /// <param name="macs">Multiply-adds of one crop by every model.</param>
    /// <param name="reports">By crop plan.</param>
    public static string ToText(DataSet data, long macs, IReadOnlyDictionary<string, EvaluationReport> reports)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{data.HeldOut.Count:N0} images. {data.Split}");
        if (Absent(data) is { } absent)
            text.AppendLine(absent);
        foreach (var (crops, report) in reports)
        {
            var scores = report.Measured.Scores;
            text.AppendLine();
            text.Append(
                CultureInfo.InvariantCulture,
                $"crops {crops}: top-1 {scores.Top1 * 100:F2} %, top-5 {scores.Top5 * 100:F2} %, expected calibration "
                    + $"error {scores.CalibrationError * 100:F2} %"
            );
            text.Append(
                CultureInfo.InvariantCulture,
                $"; {report.Measured.CropsUsed:F2} crops by {report.Measured.Members:F2} models, {report.Measured.Macs / 1e6:F1} M "
                    + $"multiply-adds per image"
            );
            text.Append(CultureInfo.InvariantCulture, $" ({report.ShareOfMost(macs) * 100:G3} % of {MostCrops} by all)");
            text.AppendLine(
                report.ImagesPerSecond is { } speed ? string.Create(CultureInfo.InvariantCulture, $"; {speed:F0} images/s") : ""
            );
            if (report.Measured.Stops.Count > 0)
            {
                var stops = report.Measured.Stops.Select(stop =>
                    string.Create(CultureInfo.InvariantCulture, $"{Word(stop.Key)} {stop.Value:N0}")
                );
                text.AppendLine($"  stopped {string.Join(", ", stops)}");
            }

            AppendClasses(text, data, scores);
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>Which of the model's classes the images have none of, in a sentence; null if all are there.</summary>
    public static string? Absent(DataSet data)
    {
        var present = Enumerable.Range(0, data.HeldOut.Count).Select(data.HeldOut.LabelOf).ToHashSet();
        string[] absent = [.. data.Labels.Where((_, label) => !present.Contains(label))];
        return absent.Length == 0
            ? null
            : $"No images of {absent.Length} of the model's {data.Labels.Count} classes: {string.Join(", ", absent.Take(MostAbsent))}"
                + (absent.Length > MostAbsent ? " …" : ".");
    }

    /// <summary>The class that a class's images are most often taken for; null where none is taken for another.</summary>
    public static int? MostConfused(Scores scores, int label)
    {
        var other = Indices(scores).Where(index => index != label).MaxBy(index => scores.Confusion(label, index));
        return scores.Confusion(label, other) > 0 ? other : null;
    }

    /// <summary>For programs.</summary>
    public static string ToJson(DataSet data, long macs, IReadOnlyDictionary<string, EvaluationReport> reports, object? tuning = null) =>
        JsonSerializer.Serialize(
            new
            {
                images = data.HeldOut.Count,
                split = data.Split,
                labels = data.Labels,
                crops = reports.ToDictionary(
                    report => report.Key,
                    report => new
                    {
                        top1 = report.Value.Measured.Scores.Top1,
                        top5 = report.Value.Measured.Scores.Top5,
                        calibrationError = report.Value.Measured.Scores.CalibrationError,
                        cropsUsed = report.Value.Measured.CropsUsed,
                        members = report.Value.Measured.Members,
                        macs = report.Value.Measured.Macs,
                        shareOf144 = report.Value.ShareOfMost(macs),
                        stops = report.Value.Measured.Stops.Count == 0
                            ? null
                            : report.Value.Measured.Stops.ToDictionary(stop => Word(stop.Key), stop => stop.Value),
                        imagesPerSecond = report.Value.ImagesPerSecond is { } speed ? Math.Round(speed, 1) : (double?)null,
                        macro = new
                        {
                            precision = report.Value.Measured.Scores.MacroPrecision,
                            recall = report.Value.Measured.Scores.MacroRecall,
                            f1 = report.Value.Measured.Scores.MacroF1,
                        },
                        perClass = Indices(report.Value.Measured.Scores).Select(report.Value.Measured.Scores.Recall),
                        precision = Indices(report.Value.Measured.Scores).Select(report.Value.Measured.Scores.Precision),
                        f1 = Indices(report.Value.Measured.Scores).Select(report.Value.Measured.Scores.F1),
                        support = Indices(report.Value.Measured.Scores).Select(report.Value.Measured.Scores.Support),
                        confusion = Indices(report.Value.Measured.Scores)
                            .Select(actual =>
                                Indices(report.Value.Measured.Scores)
                                    .Select(predicted => report.Value.Measured.Scores.Confusion(actual, predicted))
                            ),
                    },
                    StringComparer.Ordinal
                ),
                tuning,
            },
            Indented
        );

    private double ShareOfMost(long macs) => macs == 0 ? 0 : Measured.Macs / (MostCrops * (double)macs);

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static IEnumerable<int> Indices(Scores scores) => Enumerable.Range(0, scores.Classes);

    private static void AppendClasses(StringBuilder text, DataSet data, Scores scores)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"  {"class", -20} {"precision", 11} {"recall", 9} {"F1", 9} {"images", 8}");
        foreach (var label in Indices(scores).Where(label => scores.Support(label) > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {data.Labels[label], -20} {scores.Precision(label) * 100, 9:F2} % ");
            text.Append(CultureInfo.InvariantCulture, $"{scores.Recall(label) * 100, 7:F2} % {scores.F1(label) * 100, 7:F2} % ");
            text.Append(CultureInfo.InvariantCulture, $"{scores.Support(label), 8:N0}");
            text.AppendLine(
                MostConfused(scores, label) is { } other
                    ? string.Create(CultureInfo.InvariantCulture, $"  {scores.Confusion(label, other)} taken for {data.Labels[other]}")
                    : ""
            );
        }

        text.Append(CultureInfo.InvariantCulture, $"  {"mean of the classes", -20} {scores.MacroPrecision * 100, 9:F2} % ");
        text.AppendLine(CultureInfo.InvariantCulture, $"{scores.MacroRecall * 100, 7:F2} % {scores.MacroF1 * 100, 7:F2} %");
    }
}
