using System.Globalization;
using System.Text;
using System.Text.Json;
using Saccade.Inference;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;
using Spectre.Console;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>What one crop plan measured.</summary>
/// <param name="Scores">Right and wrong answers.</param>
/// <param name="ImagesPerSecond">Pictures a second, loading included.</param>
internal sealed record EvaluationReport(Scores Scores, double ImagesPerSecond)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Measures, with a progress bar on a terminal.</summary>
    public static EvaluationReport Measure(MeasuredModel model, IImageSource source, CropMode mode, TimeProvider clock, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        var scores = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
            ? AnsiConsole.Progress().AutoClear(true).Start(context =>
            {
                var bar = context.AddTask($"{source.Count:N0} pictures", maxValue: source.Count);
                return model.Run(source, mode, images => bar.Value(images), cancellation);
            })
            : model.Run(source, mode, _ => { }, cancellation);
        return new EvaluationReport(scores, source.Count / clock.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>For people: totals by crop count, then each class with what it is most often taken for.</summary>
    public static string ToText(DataSet data, IReadOnlyDictionary<string, EvaluationReport> reports)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{data.HeldOut.Count:N0} held-out pictures. {data.Split}");
        foreach (var (crops, report) in reports)
        {
            var scores = report.Scores;
            text.AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"crops {crops}: top-1 {scores.Top1 * 100:F2} %, top-5 {scores.Top5 * 100:F2} %, {report.ImagesPerSecond:F0} images/s");
            for (var label = 0; label < scores.Classes; label++)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {data.Labels[label],-20} {scores.Recall(label) * 100,6:F2} %");
                text.AppendLine(MostConfused(scores, label) is { } other ? string.Create(CultureInfo.InvariantCulture, $"  {scores.Confusion(label, other)} taken for {data.Labels[other]}") : "");
            }
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>For programs.</summary>
    public static string ToJson(DataSet data, IReadOnlyDictionary<string, EvaluationReport> reports) => JsonSerializer.Serialize(
        new
        {
            images = data.HeldOut.Count,
            split = data.Split,
            labels = data.Labels,
            crops = reports.ToDictionary(report => report.Key, report => new
            {
                top1 = report.Value.Scores.Top1,
                top5 = report.Value.Scores.Top5,
                imagesPerSecond = Math.Round(report.Value.ImagesPerSecond, 1),
                perClass = Indices(report.Value.Scores).Select(report.Value.Scores.Recall),
                confusion = Indices(report.Value.Scores).Select(actual => Indices(report.Value.Scores).Select(predicted => report.Value.Scores.Confusion(actual, predicted))),
            }, StringComparer.Ordinal),
        },
        Indented);

    private static IEnumerable<int> Indices(Scores scores) => Enumerable.Range(0, scores.Classes);

    private static int? MostConfused(Scores scores, int label)
    {
        var other = Indices(scores).Where(index => index != label).MaxBy(index => scores.Confusion(label, index));
        return scores.Confusion(label, other) > 0 ? other : null;
    }
}
