using Saccade.Training.Checkpoints;
using Saccade.Training.Loop;

namespace Saccade.Training.Experiments;

/// <summary>
/// Trains what an experiment needs and is not there yet, through the ordinary trainer, seed by seed, so that a run stopped half-way has
/// whole rounds of all variants. After every run the report is written anew.
/// </summary>
public sealed class ExperimentRunner
{
    private readonly Experiment _experiment;
    private readonly ExperimentBudget _budget;
    private readonly string _data;
    private readonly string _folder;
    private readonly ExperimentTraining _training;

    /// <summary>Plans the runs of an experiment; nothing is trained yet.</summary>
    /// <param name="experiment">What to compare.</param>
    /// <param name="budget">What it may cost.</param>
    /// <param name="data">Path of the data set.</param>
    /// <param name="folder">Where runs and report go.</param>
    /// <param name="training">How runs are made.</param>
    public ExperimentRunner(Experiment experiment, ExperimentBudget budget, string data, string folder, ExperimentTraining training)
    {
        _experiment = experiment;
        _budget = budget;
        _data = data;
        _folder = folder;
        _training = training;
    }

    /// <summary>Runs that are needed, finished or not: seed, variant and folder.</summary>
    public IReadOnlyList<(int Seed, ExperimentVariant Variant, RunDirectory Directory)> Runs =>
        [
            .. from seed in Enumerable.Range(1, _budget.Seeds)
            from variant in _experiment.Variants
            where variant.TrainedWeightsOf is null
            select (seed, variant, DirectoryOf(variant, seed)),
        ];

    /// <summary>Trains what is missing.</summary>
    /// <param name="onRun">Told before each run that is not finished: its number from 1, how many there are in all, and what it is.</param>
    /// <param name="onResult">Told after each run.</param>
    /// <returns>0, or the exit code of a training that did not end well.</returns>
    /// <exception cref="InvalidDataException">A folder holds a run of another budget.</exception>
    public int Train(Action<int, int, string> onRun, Action onResult)
    {
        ArgumentNullException.ThrowIfNull(onRun);
        ArgumentNullException.ThrowIfNull(onResult);
        var runs = Runs;
        foreach (var (index, (seed, variant, directory)) in runs.Index())
        {
            var arguments = TrainArguments.Of(_experiment, variant, _budget, seed, _data, directory.Path);
            if (IsFinished(directory))
            {
                _ = _training.Check(arguments);
                continue;
            }

            onRun(index + 1, runs.Count, $"{variant.Name}, seed {seed}");
            if (_training.Train(arguments, directory.HoldsRun) is not 0 and var code)
                return code;
            onResult();
        }

        return 0;
    }

    /// <summary>What is finished, variant by variant; variants without a finished run are left out.</summary>
    public IReadOnlyList<VariantResult> Results() => [.. _experiment.Variants.Select(Result).OfType<VariantResult>()];

    private VariantResult? Result(ExperimentVariant variant)
    {
        var runs = Enumerable
            .Range(1, _budget.Seeds)
            .Select(seed => (Seed: seed, Directory: DirectoryOf(variant, seed)))
            .Where(run => IsFinished(run.Directory))
            .ToList();
        if (runs.Count == 0)
            return null;
        var network = RunNetworks.Build(runs[0].Directory.ReadRecord().Network);
        var arguments = TrainArguments.Of(_experiment, variant, _budget, seed: 0, data: "", folder: "");
        return new VariantResult(
            variant,
            string.Join(' ', arguments.TakeWhile(word => word != "--seed")),
            network.Parameters,
            network.Macs,
            [
                .. runs.Select(run =>
                    SeedResult.Of(run.Seed, EpochLog.Continue(run.Directory, _budget.Epochs).Epochs, variant.TrainedWeightsOf is not null)
                ),
            ]
        );
    }

    private RunDirectory DirectoryOf(ExperimentVariant variant, int seed) => new(Path.Combine(_folder, $"{variant.Folder}-{seed}"));

    private bool IsFinished(RunDirectory directory) =>
        File.Exists(directory.WeightsFile) && File.Exists(directory.LogFile) && File.ReadLines(directory.LogFile).Count() > _budget.Epochs;
}
