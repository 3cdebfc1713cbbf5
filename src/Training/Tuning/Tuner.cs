using Saccade.Inference.Bundles;
using Saccade.Training.Evaluation;
using Saccade.Training.Serving;

namespace Saccade.Training.Tuning;

/// <summary>Fits a model's temperature and the rounds of <c>auto</c>, measures both on other images, and writes them beside the
/// model.</summary>
internal sealed class Tuner
{
    private const int Decimals = 4;

    private readonly string _folder;
    private readonly LocalEngine _engine;
    private readonly CropLogits _logits;
    private readonly Halves _halves;
    private readonly IReadOnlyList<int> _labels;
    private readonly IReadOnlyList<CropMode> _plans;
    private readonly string _data;

    /// <param name="folder">The bundle or the ensemble.</param>
    /// <param name="engine">Serves it.</param>
    /// <param name="logits">Its models' logits for the held-out images.</param>
    /// <param name="halves">The held-out part in two.</param>
    /// <param name="labels">True classes by image.</param>
    /// <param name="plans">The plans that were computed: those that <c>auto</c> is to be as good as, and may use.</param>
    /// <param name="data">What the data set is called.</param>
    public Tuner(
        string folder,
        LocalEngine engine,
        CropLogits logits,
        Halves halves,
        IReadOnlyList<int> labels,
        IReadOnlyList<CropMode> plans,
        string data
    )
    {
        (_folder, _engine, _logits, _halves, _labels, _plans) = (folder, engine, logits, halves, labels, plans);
        _data = $"{data}: {Halves.Rule}";
    }

    public TuningResult Run()
    {
        if (_engine.Members.Any(member => member.Manifest is { Threshold: not null }))
            throw new InvalidDataException("--tune is for classes that exclude each other; this model decides each label on its own.");
        var chain = EarlyExitSchedule.ChainAmong(_plans);
        var scaling = _engine.Links.Ensemble is null ? FitTemperature() : null;
        var members = Members(_engine, scaling, _ => chain);
        var fitted = _logits.Table(members, _halves.Fitted);
        if (members.Count > 1)
            (members, fitted) = Weighted(fitted);
        var found = ScheduleSearch.Search(fitted, _plans);
        var table = _logits.Table(members, _halves.Measured);
        var measured = ScheduleRun.Measure(table, found.Schedule, found.Rule, found.Thresholds);
        var policy = found.Schedule.ToPolicy(found.Rule, found.Thresholds, [.. members.Select(member => member.Name)], chain) with
        {
            Measured = new(_data, table.Count, measured.Scores.Top1, Math.Round(measured.CropsUsed, Decimals), Math.Round(measured.Macs)),
        };
        Write(scaling, policy, table, measured);
        return new(scaling, policy, table, measured, _plans);
    }

    /// <summary>The engine's models, as a table has them.</summary>
    /// <param name="engine">Serves them.</param>
    /// <param name="scaling">The only model's temperature where it was just fitted; null takes the manifests'.</param>
    /// <param name="chainOf">The plans of a member's rounds in <c>auto</c>.</param>
    public static IReadOnlyList<TableMember> Members(
        LocalEngine engine,
        TemperatureScaling? scaling,
        Func<string, IReadOnlyList<CropMode>> chainOf
    ) =>
        [
            .. engine.Members.Select(
                (member, index) =>
                    new TableMember(
                        engine.MemberNames[index],
                        scaling is null ? member.Manifest! : member.Manifest! with { TemperatureScaling = scaling },
                        engine.Links.Ensemble?.Members[index].Weight ?? 1,
                        chainOf(engine.MemberNames[index])
                    )
            ),
        ];

    /// <summary>The members with fitted weights, if these name more images rightly by one crop each than equal ones; otherwise with equal
    /// ones.</summary>
    private static (IReadOnlyList<TableMember> Members, ScoreTable Table) Weighted(ScoreTable table)
    {
        var equal = table.Weigh([.. table.Members.Select(_ => 1.0)]);
        var fitted = table.Weigh([.. MemberWeights.Fit(equal, CropMode.Single).Select(weight => Math.Round(weight, Decimals))]);
        var best = FixedPlans.Score(fitted, CropMode.Single).Top1 > FixedPlans.Score(equal, CropMode.Single).Top1 ? fitted : equal;
        return (best.Members, best);
    }

    private TemperatureScaling FitTemperature()
    {
        var temperature = Math.Round(
            Temperature.Fit(_logits.SingleCrop(0, _halves.Fitted), [.. _halves.Fitted.Select(image => _labels[image])]),
            Decimals
        );
        TemperatureScaling scaling = new(temperature, _data, _halves.Measured.Count);
        return scaling with { ErrorBefore = ErrorAt(1), ErrorAfter = ErrorAt(temperature) };

        double ErrorAt(double value)
        {
            var table = _logits.Table(Members(_engine, scaling with { Temperature = value }, _ => []), _halves.Measured);
            return Math.Round(FixedPlans.Score(table, CropMode.Single).CalibrationError, Decimals);
        }
    }

    private void Write(TemperatureScaling? scaling, EarlyExitPolicy policy, ScoreTable table, PlanMeasurement auto)
    {
        if (_engine.Links.Ensemble is { } ensemble)
        {
            EnsembleMember[] members =
            [
                .. ensemble.Members.Zip(table.Members, (member, measured) => member with { Weight = measured.Weight }),
            ];
            var top1 = _plans.ToDictionary(plan => plan.ToString(), plan => FixedPlans.Score(table, plan).Top1, StringComparer.Ordinal);
            top1[CropMode.Auto.ToString()] = auto.Scores.Top1;
            Write(
                EnsembleJson.FileName,
                EnsembleJson.Write(ensemble with { Members = members, EarlyExit = policy, Accuracy = new(_data, table.Count, top1) })
            );
        }
        else
        {
            var manifest = ManifestJson.Read(File.ReadAllBytes(Path.Combine(_folder, ManifestJson.FileName)));
            Write(ManifestJson.FileName, ManifestJson.Write(manifest with { TemperatureScaling = scaling, EarlyExit = policy }));
        }
    }

    private void Write(string name, byte[] content) =>
        AtomicFile.Write(Path.Combine(_folder, name), stream => stream.Write([.. content, (byte)'\n']));
}

/// <summary>What tuning found.</summary>
/// <param name="Scaling">The temperature; null for an ensemble, whose members have theirs.</param>
/// <param name="Policy">The rounds of <c>auto</c>.</param>
/// <param name="Table">The images that were measured on.</param>
/// <param name="Auto">What <c>auto</c> came to there.</param>
/// <param name="Plans">The plans it was compared with.</param>
internal sealed record TuningResult(
    TemperatureScaling? Scaling,
    EarlyExitPolicy Policy,
    ScoreTable Table,
    PlanMeasurement Auto,
    IReadOnlyList<CropMode> Plans
);
