using Saccade.Inference.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Evaluation;
using Saccade.Training.Serving;

namespace Saccade.Training.Calibration;

/// <summary>Fits a model's temperature and the rounds of <c>auto</c>, measures both on other pictures, and writes them beside the
/// model.</summary>
internal sealed class Calibrator
{
    private const int Decimals = 4;

    private readonly string _folder;
    private readonly LocalEngine _engine;
    private readonly LookCollection _looks;
    private readonly Halves _halves;
    private readonly IReadOnlyList<int> _labels;
    private readonly IReadOnlyList<CropMode> _plans;
    private readonly string _data;

    /// <summary>Prepares.</summary>
    /// <param name="folder">The bundle or the ensemble.</param>
    /// <param name="engine">Serves it.</param>
    /// <param name="looks">What its models said of the held-out pictures.</param>
    /// <param name="halves">The held-out part in two.</param>
    /// <param name="labels">True classes by picture.</param>
    /// <param name="plans">By which plans they looked: those that <c>auto</c> is to be as good as, and may look by.</param>
    /// <param name="data">What the data set is called.</param>
    public Calibrator(
        string folder,
        LocalEngine engine,
        LookCollection looks,
        Halves halves,
        IReadOnlyList<int> labels,
        IReadOnlyList<CropMode> plans,
        string data
    )
    {
        (_folder, _engine, _looks, _halves, _labels, _plans) = (folder, engine, looks, halves, labels, plans);
        _data = $"{data}: {Halves.Rule}";
    }

    /// <summary>Fits, measures and writes.</summary>
    public CalibrationResult Run()
    {
        var chain = Ladder.ChainAmong(_plans);
        var calibration = _engine.Links.Ensemble is null ? FitTemperature() : null;
        var members = Members(_engine, calibration, _ => chain);
        var fitted = _looks.Table(members, _halves.Fitted);
        if (members.Count > 1)
            (members, fitted) = Weighted(fitted);
        var found = AutoSearch.Search(fitted, _plans);
        var table = _looks.Table(members, _halves.Measured);
        var measured = LadderRun.Measure(table, found.Ladder, found.Rule, found.Sure);
        var policy = found.Ladder.ToPolicy(found.Rule, found.Sure, [.. members.Select(member => member.Name)], chain) with
        {
            Measured = new(_data, table.Count, measured.Scores.Top1, Math.Round(measured.Looks, Decimals), Math.Round(measured.Macs)),
        };
        Write(calibration, policy, table, measured);
        return new(calibration, policy, table, measured, _plans);
    }

    /// <summary>Who looked, as a table has it.</summary>
    /// <param name="engine">Serves them.</param>
    /// <param name="calibration">Of the only model, if it is new.</param>
    /// <param name="chainOf">The plans by which <c>auto</c> has a member look.</param>
    public static IReadOnlyList<TableMember> Members(
        LocalEngine engine,
        TemperatureScaling? calibration,
        Func<string, IReadOnlyList<CropMode>> chainOf
    ) =>
        [
            .. engine.Members.Select(
                (member, index) =>
                    new TableMember(
                        engine.MemberNames[index],
                        calibration is null ? member.Manifest! : member.Manifest! with { TemperatureScaling = calibration },
                        engine.Links.Ensemble?.Members[index].Weight ?? 1,
                        chainOf(engine.MemberNames[index])
                    )
            ),
        ];

    /// <summary>The members with fitted weights, if these name more pictures rightly by one look each than equal ones; otherwise with equal
    /// ones.</summary>
    private static (IReadOnlyList<TableMember> Members, LookTable Table) Weighted(LookTable table)
    {
        var equal = table.Weigh([.. table.Members.Select(_ => 1.0)]);
        var fitted = table.Weigh([.. MemberWeights.Fit(equal, CropMode.Single).Select(weight => Math.Round(weight, Decimals))]);
        var best = FixedPlans.Score(fitted, CropMode.Single).Top1 > FixedPlans.Score(equal, CropMode.Single).Top1 ? fitted : equal;
        return (best.Members, best);
    }

    private TemperatureScaling FitTemperature()
    {
        var temperature = Math.Round(
            Temperature.Fit(_looks.SingleLooks(0, _halves.Fitted), [.. _halves.Fitted.Select(picture => _labels[picture])]),
            Decimals
        );
        TemperatureScaling calibration = new(temperature, _data, _halves.Measured.Count);
        return calibration with { ErrorBefore = ErrorAt(1), ErrorAfter = ErrorAt(temperature) };

        double ErrorAt(double value)
        {
            var table = _looks.Table(Members(_engine, calibration with { Temperature = value }, _ => []), _halves.Measured);
            return Math.Round(FixedPlans.Score(table, CropMode.Single).CalibrationError, Decimals);
        }
    }

    private void Write(TemperatureScaling? calibration, EarlyExitPolicy policy, LookTable table, PlanMeasurement auto)
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
            Write(ManifestJson.FileName, ManifestJson.Write(manifest with { TemperatureScaling = calibration, EarlyExit = policy }));
        }
    }

    private void Write(string name, byte[] content) =>
        AtomicFile.Write(Path.Combine(_folder, name), stream => stream.Write([.. content, (byte)'\n']));
}

/// <summary>What a calibration found.</summary>
/// <param name="Calibration">The temperature; null for an ensemble, whose members have theirs.</param>
/// <param name="Policy">How <c>auto</c> is to look.</param>
/// <param name="Table">The pictures that were measured on.</param>
/// <param name="Auto">What came of it there.</param>
/// <param name="Plans">The plans it was held against.</param>
internal sealed record CalibrationResult(
    TemperatureScaling? Calibration,
    EarlyExitPolicy Policy,
    LookTable Table,
    PlanMeasurement Auto,
    IReadOnlyList<CropMode> Plans
);
