using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Saccade.Training.Experiments;

/// <summary>What an experiment found so far, as <c>results.json</c>, <c>results.md</c> and <c>curves.svg</c>.</summary>
/// <param name="Experiment">What was compared.</param>
/// <param name="Budget">What it cost.</param>
/// <param name="Split">How training and held-out images were told apart.</param>
/// <param name="Results">By variant.</param>
/// <param name="Crops">Accuracy by crops and models, where that was measured.</param>
public sealed record ExperimentReport(
    Experiment Experiment,
    ExperimentBudget Budget,
    string Split,
    IReadOnlyList<VariantResult> Results,
    CropsTable? Crops = null
)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the files, each aside and then renamed.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, "results.json"), ToJson() + "\n");
        AtomicFile.WriteText(Path.Combine(folder, "results.md"), ToMarkdown());
        AtomicFile.WriteText(Path.Combine(folder, "curves.svg"), SpreadCurves.Draw(Experiment.Title, Results));
    }

    /// <summary>Every run's figures, as <c>results.json</c> holds them.</summary>
    public string ToJson() =>
        JsonSerializer.Serialize(
            new
            {
                experiment = Experiment.Name,
                Experiment.Title,
                Experiment.Published,
                budget = Budget,
                Split,
                variants = Results.Select(result => new
                {
                    result.Variant.Name,
                    train = result.CommandLine,
                    weights = result.Variant.TrainedWeightsOf is null ? "as kept" : "trained",
                    result.Variant.Published,
                    result.Parameters,
                    result.Macs,
                    result.HalfWay,
                    result.Top1,
                    overFirst = result.Over(Results[0]),
                    result.Runs,
                }),
                crops = Crops?.Cells,
            },
            Json
        );

    /// <summary>The table, with what it was made from.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"### {Experiment.Title}\n\n{Experiment.Published}\n\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"Here: {Budget.Images:N0} training images, {Budget.Epochs} epochs, {Budget.Seeds} seeds. {Split}\n\n"
        );
        var stale = Results.Any(result => result.Runs.Any(run => run.StalenessMean is not null));
        text.Append("| | published | parameters | million multiply-adds | top-1 half-way | top-1 | over the first row, same seeds | runs |")
            .Append(stale ? " staleness |" : "")
            .Append('\n');
        text.Append("|---|---|---|---|---|---|---|---|").Append(stale ? "---|" : "").Append('\n');
        foreach (var result in Results)
        {
            var over = result == Results[0] ? "" : Signed(result.Over(Results[0]));
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {result.Variant.Name} | {result.Variant.Published} | {result.Parameters:N0} | {result.Macs / 1e6:F1} | "
                    + $"{Percent(result.HalfWay)} | {Percent(result.Top1)} | {over} | {result.Runs.Count} |"
            );
            if (stale)
                text.Append(CultureInfo.InvariantCulture, $" {result.Runs.Average(run => run.StalenessMean):F1} |");
            text.Append('\n');
        }

        Crops?.AppendTo(text);
        text.Append("\n± is one standard deviation over the seeds.\n\n");
        foreach (var result in Results)
            text.Append(CultureInfo.InvariantCulture, $"* {result.Variant.Name}: `train {result.CommandLine}`\n");
        return text.ToString();
    }

    internal static string Percent(Spread spread) =>
        spread.Deviation is { } deviation
            ? string.Create(CultureInfo.InvariantCulture, $"{spread.Mean * 100:F2} ± {deviation * 100:F2} %")
            : string.Create(CultureInfo.InvariantCulture, $"{spread.Mean * 100:F2} %");

    private static string Signed(Spread? spread) =>
        spread switch
        {
            null => "",
            { Mean: >= 0 } some => "+" + Percent(some),
            { } some => Percent(some),
        };
}
