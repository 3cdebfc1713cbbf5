using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Commands.Options;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;
using Saccade.Training.Serving;
using Saccade.Training.Tuning;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>One call of <c>evaluate</c>.</summary>
/// <param name="model">A bundle, an ensemble or a run.</param>
/// <param name="data">Its held-out part is measured.</param>
/// <param name="modes">Crop plans, or <c>auto</c>.</param>
/// <param name="threads">Threads that compute; null leaves the choice to the engine.</param>
internal sealed class EvaluationRun(string model, DataSet data, IReadOnlyList<CropMode> modes, int? threads)
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly CropMode[] _plans =
    [
        .. modes.Where(mode => !mode.IsAuto).Append(CropMode.Single).Distinct().OrderBy(mode => mode.Crops),
    ];

    /// <summary>What the data set is called.</summary>
    public required string DataName { get; init; }

    /// <summary>Folder that keeps the logits of every crop; null where they are not kept.</summary>
    public string? Scores { get; init; }

    /// <summary>File for the plot; null for none.</summary>
    public string? Plot { get; init; }

    /// <summary>Folder for <see cref="ReportFolder"/>; null for none.</summary>
    public string? ReportPath { get; init; }

    /// <summary>Measures, and tunes if asked to.</summary>
    /// <returns>What to print.</returns>
    /// <exception cref="CommandException">What is asked for does not go together.</exception>
    public async Task<string> RunAsync(bool tune, bool json, CancellationToken cancellation)
    {
        if (!tune && Scores is null && Plot is null)
            return await MeasureLiveAsync(json, cancellation);
        if (!ServedFolder.Holds(model))
            throw new CommandException("--tune, --scores and --plot need a bundle or an ensemble; export the run first.");

        var temporary = Scores is null ? Directory.CreateTempSubdirectory("saccade-crops-") : null;
        try
        {
            return await MeasureKeptAsync(tune, json, Scores ?? temporary!.FullName, cancellation);
        }
        finally
        {
            temporary?.Delete(recursive: true);
        }
    }

    private async Task<string> MeasureLiveAsync(bool json, CancellationToken cancellation)
    {
        await using var measured = await MeasuredModel.OpenAsync(model, threads);
        CropPlans.Require(modes, measured.Plans);
        var known = data.WithLabels(measured.Labels);
        var reports = new Dictionary<string, EvaluationReport>(StringComparer.Ordinal);
        foreach (var mode in modes)
        {
            var (result, speed) = await EvaluationProgress.ShowAsync(
                $"crops {mode}",
                known.HeldOut.Count,
                Clock,
                onImages => measured.RunAsync(known.HeldOut, mode, onImages, cancellation)
            );
            reports[mode.ToString()] = new(result, speed);
        }

        return Tell(known, measured.Macs, reports, json);
    }

    private async Task<string> MeasureKeptAsync(bool tune, bool json, string folder, CancellationToken cancellation)
    {
        await using var engine = await LocalEngine.StartAsync(model, threads ?? 0);
        var known = data.WithLabels(engine.Labels);
        // The crops of auto are computed where they are asked for: the papers' schedule has ten times those of few plans.
        var policy = Plot is not null || modes.Any(mode => mode.IsAuto) ? Policy(engine) : new EarlyExitPolicy { Rounds = [new("1")] };
        var policyPlans = tune ? [] : engine.MemberNames.SelectMany(name => EarlyExitSchedule.ChainOf(policy, name));
        CropMode[] plans = [.. _plans.Concat(policyPlans).Distinct().OrderBy(plan => plan.Crops)];
        CropPlans.Require(plans, engine.CropModes);
        var (collection, _) = await EvaluationProgress.ShowAsync(
            "crops",
            known.HeldOut.Count * engine.Members.Count,
            Clock,
            onImages => CropLogits.GatherAsync(engine, known.HeldOut, plans, folder, onImages, cancellation)
        );
        using var logits = collection;
        if (tune)
            return Tune(engine, known, logits, json);

        var members = Tuner.Members(engine, scaling: null, name => EarlyExitSchedule.ChainOf(policy, name));
        var table = logits.Table(members, [.. Enumerable.Range(0, known.HeldOut.Count)]);
        var auto = ScheduleRun.Measure(table, EarlyExitSchedule.Of(policy, engine.MemberNames), policy.Rule, Thresholds(policy));
        return Report(table, auto, json, heading: null, tuning: null, known);
    }

    private string Tune(LocalEngine engine, DataSet known, CropLogits logits, bool json)
    {
        var halves = Halves.Of(known.HeldOut);
        int[] labels = [.. Enumerable.Range(0, known.HeldOut.Count).Select(known.HeldOut.LabelOf)];
        var result = new Tuner(model, engine, logits, halves, labels, _plans, DataName).Run();
        var measured = known with { HeldOut = new Subset(known.HeldOut, [.. halves.Measured]) };
        return Report(
            result.Table,
            result.Auto,
            json,
            TuningReport.ToText(result, halves),
            TuningReport.ToObject(result, halves),
            measured
        );
    }

    private string Report(ScoreTable table, PlanMeasurement auto, bool json, string? heading, object? tuning, DataSet measuredOn)
    {
        var macs = table.Members.Sum(member => member.Macs);
        var reports = modes.ToDictionary(
            mode => mode.ToString(),
            mode => new EvaluationReport(
                mode.IsAuto
                    ? auto
                    : new(
                        FixedPlans.Score(table, mode),
                        mode.Crops * table.Members.Count,
                        FixedPlans.Macs(table, mode),
                        table.Members.Count
                    ),
                ImagesPerSecond: null
            ),
            StringComparer.Ordinal
        );
        if (Plot is not null)
            AtomicFile.WriteText(Plot, AccuracyPlot.Draw(table, _plans, auto));
        return (heading is null || json ? "" : $"{heading}\n\n") + Tell(measuredOn, macs, reports, json, tuning);
    }

    private string Tell(DataSet measuredOn, long macs, Dictionary<string, EvaluationReport> reports, bool json, object? tuning = null)
    {
        if (ReportPath is not null)
            ReportFolder.Write(ReportPath, NameOf(model), DataName, measuredOn, reports);
        return json
            ? EvaluationReport.ToJson(measuredOn, macs, reports, tuning)
            : EvaluationReport.ToText(measuredOn, macs, reports)
                + (ReportPath is null ? "" : $"\n\nreport: {ReportFolder.FileIn(ReportPath)}");
    }

    /// <summary>The last two parts of a model's path, such as <c>flowers/3</c>.</summary>
    internal static string NameOf(string model)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model));
        return $"{Path.GetFileName(Path.GetDirectoryName(full))}/{Path.GetFileName(full)}";
    }

    private static EarlyExitPolicy Policy(LocalEngine engine) =>
        engine.Links.Ensemble is { } ensemble
            ? ensemble.EarlyExit ?? EarlyExitPolicy.ForEnsemble(ensemble.MemberNames)
            : engine.Members[0].Manifest!.EarlyExit ?? EarlyExitPolicy.ForModel;

    // A round without a threshold is never the last by itself: no confidence reaches what is no number.
    private static double[] Thresholds(EarlyExitPolicy policy) => [.. policy.Rounds.Select(round => round.Confidence ?? double.NaN)];
}
