using System.Xml.Linq;
using Saccade.Training.Checkpoints;
using Saccade.Training.Loop;
using Saccade.Training.Recipes;
using Xunit;

namespace Saccade.Training.Tests.Training;

public sealed class TrainerTests
{
    private const int StepsPerEpoch = 3;

    [Theory]
    [InlineData(StepsPerEpoch)] // between two epochs
    [InlineData(StepsPerEpoch + 1)] // within the second
    [InlineData(1)]
    public void Run_StoppedAndResumed_EndsWithTheSameBits(int stopAfter)
    {
        using TempFolder folder = new();
        var straight = Train(folder["straight"], TinyRun.Recipe);

        RunDirectory directory = new(folder["stopped"]);
        using (CancellationTokenSource stop = new())
        using (Trainer trainer = New(directory, TinyRun.Recipe))
        {
            var steps = 0;
            Assert.False(trainer.Run(onStep: _ => StopAfter(ref steps, stopAfter, stop), cancellation: stop.Token));
            Assert.Equal(stopAfter, trainer.State.Progress.Step);
        }

        using (Trainer trainer = New(directory, TinyRun.Recipe))
        {
            trainer.Resume();
            Assert.True(trainer.Run());
        }

        Assert.Equal(File.ReadAllBytes(straight.WeightsFile), File.ReadAllBytes(directory.WeightsFile));
        Assert.Equal(Tensors(straight.CheckpointFile), Tensors(directory.CheckpointFile));
        Assert.Equal(Measured(straight), Measured(directory));
    }

    [Theory]
    [InlineData(OptimiserKind.Sgd, true)]
    [InlineData(OptimiserKind.Sgd, false)]
    [InlineData(OptimiserKind.RmsProp, false)]
    public void Run_AnyOptimiserStoppedAndResumed_EndsWithTheSameBits(OptimiserKind optimiser, bool nesterov)
    {
        using TempFolder folder = new();
        var recipe = TinyRun.Recipe with
        {
            Optimiser = optimiser,
            Nesterov = nesterov,
            ClipNorm = 2,
            Averaging = new() { Kind = AveragingKind.Polyak },
        };
        var straight = Train(folder["straight"], recipe);

        RunDirectory directory = new(folder["stopped"]);
        using (CancellationTokenSource stop = new())
        using (Trainer trainer = New(directory, recipe))
            Assert.False(trainer.Run(onStep: _ => stop.Cancel(), cancellation: stop.Token));
        using (Trainer trainer = New(directory, recipe))
        {
            trainer.Resume();
            Assert.True(trainer.Run());
        }

        Assert.Equal(Tensors(straight.CheckpointFile), Tensors(directory.CheckpointFile));
    }

    [Fact]
    public void Run_AnotherAverage_LeavesTheTrainedWeightsAlone()
    {
        using TempFolder folder = new();
        var none = Train(folder["none"], TinyRun.Recipe with { Averaging = new() { Kind = AveragingKind.None } });
        var ema = Train(folder["ema"], TinyRun.Recipe);
        var polyak = Train(folder["polyak"], TinyRun.Recipe with { Averaging = new() { Kind = AveragingKind.Polyak } });

        Assert.Equal(Trained(none), Trained(ema));
        Assert.Equal(Trained(none), Trained(polyak));
        Assert.Equal(Trained(none), Tensors(none.WeightsFile).Select(tensor => ("model." + tensor.Name, tensor.Bytes)));
        Assert.NotEqual(Averages(ema), Averages(polyak));
    }

    [Fact]
    public void Run_AverageNotRipe_WritesAndCountsTheTrainedWeights()
    {
        using TempFolder folder = new();
        var young = Train(folder["young"], TinyRun.Recipe);

        Assert.Equal(Trained(young), Tensors(young.WeightsFile).Select(tensor => ("model." + tensor.Name, tensor.Bytes)));
        var last = EpochLog.Continue(young, 2).Epochs[^1];
        Assert.NotNull(last.Top1Averaged);
        Assert.Equal((false, last.Top1), (last.UsesAverage, last.Top1Used));
    }

    [Fact]
    public void Run_AverageRipe_WritesAndCountsTheAverage()
    {
        using TempFolder folder = new();
        var ripe = Train(folder["ripe"], TinyRun.Recipe with { BatchSize = 2, Epochs = 17 }); // 102 steps

        Assert.Equal(
            Averages(ripe),
            Tensors(ripe.WeightsFile).Where(tensor => !tensor.Name.EndsWith("tracked", StringComparison.Ordinal)).Select(one => one.Bytes)
        );
        var epochs = EpochLog.Continue(ripe, 17).Epochs;
        Assert.Equal([false, true], epochs.TakeLast(2).Select(epoch => epoch.UsesAverage));
        Assert.Equal(epochs[^1].Top1Averaged, epochs[^1].Top1Used);
    }

    [Fact]
    public void Run_AnotherSeed_EndsWithOtherWeights()
    {
        using TempFolder folder = new();
        RunDirectory directory = new(folder["run"]);
        using (Trainer trainer = new(TinyRun.Record(TinyRun.Recipe) with { Seed = 4 }, TinyRun.Data, directory, TimeProvider.System))
            Assert.True(trainer.Run());

        Assert.NotEqual(Tensors(Train(folder["other"], TinyRun.Recipe).WeightsFile), Tensors(directory.WeightsFile));
    }

    [Fact]
    public void Run_Finished_LeavesLogCurveAndWeights()
    {
        using TempFolder folder = new();
        var directory = Train(folder["run"], TinyRun.Recipe);

        var log = File.ReadAllLines(directory.LogFile);
        Assert.Equal(1 + TinyRun.Recipe.Epochs, log.Length);
        Assert.All(log, line => Assert.Equal(11, line.Count(letter => letter == ',')));
        Assert.Equal(4, XDocument.Load(directory.CurveFile).Descendants().Count(element => element.Name.LocalName == "polyline"));
        using var weights = SafetensorsReader.Open(directory.WeightsFile);
        Assert.Equal("2", weights.Metadata["epoch"]);
        Assert.True(File.Exists(directory.BestFile));
    }

    [Fact]
    public void Run_EvaluatedNowAndThen_MeasuresTheseEpochsAndTheLastAndTrainsTheSame()
    {
        using TempFolder folder = new();
        var recipe = TinyRun.Recipe with { Epochs = 3 };
        RunDirectory seldom = new(folder["seldom"]);
        using (Trainer trainer = new(TinyRun.Record(recipe) with { EvaluateEvery = 2 }, TinyRun.Data, seldom, TimeProvider.System))
        {
            Assert.True(trainer.Run());
            Assert.Equal([false, true, true], trainer.Epochs.Select(epoch => epoch.Top1 is not null && epoch.Top1Averaged is not null));
        }

        Assert.Equal(Tensors(Train(folder["always"], recipe).WeightsFile), Tensors(seldom.WeightsFile));
    }

    [Fact]
    public void Run_OneBatchOverAndOver_LearnsItByHeart()
    {
        using TempFolder folder = new();
        var recipe = TinyRun.Recipe with
        {
            Epochs = 30,
            BatchSize = 12,
            LabelSmoothing = 0,
            WeightDecay = 0,
            Augmentation = new() { Crop = CropKind.Centre, Flip = false },
        };
        var record = TinyRun.Record(recipe);
        using Trainer trainer = new(
            record with
            {
                Network = record.Network with { Dropout = 0 },
            },
            TinyRun.Data,
            new RunDirectory(folder["run"]),
            TimeProvider.System
        );

        Assert.True(trainer.Run());

        Assert.InRange(trainer.Epochs[0].Loss, 0.8, 2);
        Assert.InRange(trainer.Epochs[^1].Loss, 0, 0.02);
    }

    /// <summary>As written before replicas were: eight columns.</summary>
    [Fact]
    public void Resume_LogOfAnEarlierVersion_IsTakenUp()
    {
        using TempFolder folder = new();
        var directory = Train(folder["run"], TinyRun.Recipe);
        File.WriteAllLines(
            directory.LogFile,
            File.ReadLines(directory.LogFile).Select(line => string.Join(',', line.Split(',')[..8])).ToList()
        );
        using var trainer = New(directory, TinyRun.Recipe);

        trainer.Resume();

        Assert.Equal(2, trainer.Epochs.Count);
        Assert.All(trainer.Epochs, epoch => Assert.Null(epoch.StalenessMean));
    }

    [Fact]
    public void Run_LossNoLongerANumber_SaysSo()
    {
        using TempFolder folder = new();
        using Trainer trainer = New(new RunDirectory(folder["run"]), TinyRun.Recipe with { LearningRate = 1e30, WarmUpEpochs = 0 });

        Assert.Contains("--lr", Assert.Throws<InvalidDataException>(() => trainer.Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_NoCheckpoint_IsRefused()
    {
        using TempFolder folder = new();
        using Trainer trainer = New(new RunDirectory(folder["run"]), TinyRun.Recipe);

        Assert.Throws<InvalidDataException>(trainer.Resume);
    }

    [Fact]
    public void Resume_CheckpointOfAnotherNetwork_IsRefused()
    {
        using TempFolder folder = new();
        var directory = Train(folder["run"], TinyRun.Recipe);
        var record = TinyRun.Record(TinyRun.Recipe);
        using Trainer trainer = new(
            record with
            {
                Network = record.Network with { Width = 0.5 },
            },
            TinyRun.Data,
            directory,
            TimeProvider.System
        );

        Assert.Throws<InvalidDataException>(trainer.Resume);
    }

    private static void StopAfter(ref int steps, int limit, CancellationTokenSource stop)
    {
        if (++steps == limit)
            stop.Cancel();
    }

    private static RunDirectory Train(string path, Recipe recipe)
    {
        RunDirectory directory = new(path);
        using var trainer = New(directory, recipe);
        Assert.True(trainer.Run());
        return directory;
    }

    private static Trainer New(RunDirectory directory, Recipe recipe)
    {
        var record = TinyRun.Record(recipe);
        directory.WriteRecord(record);
        return new Trainer(record, TinyRun.Data, directory, TimeProvider.System);
    }

    // What the log says but for times, which no two runs share.
    private static IEnumerable<string> Measured(RunDirectory directory) =>
        File.ReadLines(directory.LogFile).Select(line => string.Join(',', line.Split(',')[..5]));

    private static IEnumerable<string> Averages(RunDirectory directory) =>
        Tensors(directory.CheckpointFile)
            .Where(tensor => tensor.Name.StartsWith("average.", StringComparison.Ordinal))
            .Select(tensor => tensor.Bytes);

    private static IEnumerable<(string Name, string Bytes)> Trained(RunDirectory directory) =>
        Tensors(directory.CheckpointFile).Where(tensor => tensor.Name.StartsWith("model.", StringComparison.Ordinal));

    private static List<(string Name, string Bytes)> Tensors(string path)
    {
        using var file = SafetensorsReader.Open(path);
        return [.. file.Entries.Select(entry => (entry.Name, Convert.ToHexString(file.Read(entry))))];
    }
}
