using Saccade.Training.Checkpoints;
using Saccade.Training.Experiments;
using Saccade.Training.Loop;
using Saccade.Training.Tests.Training;
using Xunit;

namespace Saccade.Training.Tests.Experiments;

/// <summary>What is trained, taken up and left alone; the training itself is replaced by one that writes a run's files.</summary>
public sealed class ExperimentRunnerTests : IDisposable
{
    private static readonly ExperimentBudget Budget = new(Epochs: 2, Images: 12, Seeds: 3, Threads: 1);
    private readonly TempFolder _folder = new();
    private readonly List<string> _trained = [];
    private readonly List<string> _checked = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_NewFolder_TrainsEveryVariantOfASeedBeforeTheNext()
    {
        Assert.Equal(0, Runner().Train((_, _, _) => { }, () => { }));

        Assert.Equal(["plain-1", "uniform-mean-1", "plain-2", "uniform-mean-2", "plain-3", "uniform-mean-3"], _trained);
    }

    [Fact]
    public void Train_Again_TrainsNothingAndChecksEverything()
    {
        Runner().Train((_, _, _) => { }, () => { });
        _trained.Clear();

        Assert.Equal(0, Runner().Train((_, _, _) => Assert.Fail("nothing is to be announced"), () => { }));

        Assert.Empty(_trained);
        Assert.Equal(6, _checked.Count);
    }

    [Fact]
    public void Train_RunsThatWereStopped_GoOnWithOrWithoutACheckpoint()
    {
        var half = Directory("plain-1");
        half.WriteRecord(TinyRun.Record(TinyRun.Recipe));
        File.WriteAllText(half.CheckpointFile, "");
        var none = Directory("uniform-mean-1");
        none.WriteRecord(TinyRun.Record(TinyRun.Recipe));

        Runner().Train((_, _, _) => { }, () => { });

        Assert.Equal(["plain-1 resumed", "uniform-mean-1 resumed"], _trained[..2]);
    }

    [Fact]
    public void Train_TrainingStopped_EndsWithItsExitCode()
    {
        ExperimentRunner runner = new(TinyExperiment.Make(), Budget, "data", _folder.Path, new ExperimentTraining((_, _) => 130, _ => 0));

        Assert.Equal(130, runner.Train((_, _, _) => { }, () => Assert.Fail("there is no result")));
        Assert.Empty(runner.Results());
    }

    [Fact]
    public void Results_TrainedWeights_AreReadFromTheOtherVariantsRuns()
    {
        var runner = Runner();
        runner.Train((_, _, _) => { }, () => { });

        var results = runner.Results();

        Assert.Equal(["plain", "uniform mean", "last weights"], results.Select(result => result.Variant.Name));
        Assert.Equal([0.9, 0.9, 0.7], results.Select(result => Math.Round(result.Runs[0].Top1, 6)));
        Assert.Equal([0.8, 0.9], results[1].Runs[0].Curve);
        Assert.Equal([0.5, 0.7], results[2].Runs[0].Curve);
        Assert.All(results, result => Assert.Equal([1, 2, 3], result.Runs.Select(run => run.Seed)));
        Assert.Equal(-0.2, results[2].Over(results[0])!.Value.Mean, 1e-9);
        Assert.True(results[0].Parameters > 0 && results[0].Macs > 0);
    }

    private ExperimentRunner Runner() =>
        new(
            TinyExperiment.Make(),
            Budget,
            "data",
            _folder.Path,
            new ExperimentTraining(Train, arguments => Note(_checked, Name(arguments)))
        );

    private int Train(IReadOnlyList<string> arguments, bool resumes)
    {
        Note(_trained, Name(arguments) + (resumes ? " resumed" : ""));
        var directory = Directory(Name(arguments));
        Assert.True(resumes || !directory.HoldsRun);
        directory.WriteRecord(TinyRun.Record(TinyRun.Recipe));
        var log = EpochLog.Start(directory);
        // The mean is too young to be kept as the run's weights; the tables compare it all the same.
        log.Add(new EpochResult(1, 0.1, 2, 0.5, 0.8, 100, 0, 1));
        log.Add(new EpochResult(2, 0.1, 1, 0.7, 0.9, 100, 0, 1));
        File.WriteAllText(directory.WeightsFile, "");
        File.WriteAllText(directory.CheckpointFile, "");
        return 0;
    }

    private static int Note(List<string> list, string what)
    {
        list.Add(what);
        return 0;
    }

    private static string Name(IReadOnlyList<string> arguments) => Path.GetFileName(arguments[^1]);

    private RunDirectory Directory(string name) => new(_folder[name]);
}
