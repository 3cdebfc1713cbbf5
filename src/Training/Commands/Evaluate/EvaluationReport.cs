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
        text.AppendLine(CultureInfo.InvariantCulture, $"{data.HeldOut.Count:N0} held-out images. {data.Split}");
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

            for (var label = 0; label < scores.Classes; label++)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {data.Labels[label], -20} {scores.Recall(label) * 100, 6:F2} %");
                text.AppendLine(
                    MostConfused(scores, label) is { } other
                        ? string.Create(CultureInfo.InvariantCulture, $"  {scores.Confusion(label, other)} taken for {data.Labels[other]}")
                        : ""
                );
            }
        }

        return text.ToString().TrimEnd();
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
                        perClass = Indices(report.Value.Measured.Scores).Select(report.Value.Measured.Scores.Recall),
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

    private static int? MostConfused(Scores scores, int label)
    {
        var other = Indices(scores).Where(index => index != label).MaxBy(index => scores.Confusion(label, index));
        return scores.Confusion(label, other) > 0 ? other : null;
    }
}
