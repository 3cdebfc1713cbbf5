using System.Xml.Linq;
using Saccade.Inference.Decoding;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Loop;
using Saccade.Training.Recipes;
using Xunit;

namespace Saccade.Training.Tests.Training;

public sealed class ReplicatedTrainingTests
{
    /// <summary>Batch norm, dropout, auxiliary classifiers, an average and augmentation are all in it: one replica is plain training to the
    /// bit.</summary>
    [Theory]
    [InlineData(ReplicaMode.Sync, OptimiserKind.Sgd)]
    [InlineData(ReplicaMode.Async, OptimiserKind.Sgd)]
    [InlineData(ReplicaMode.Sync, OptimiserKind.RmsProp)]
    [InlineData(ReplicaMode.Async, OptimiserKind.RmsProp)]
    public void Run_OneReplica_EqualsPlainTrainingToTheBit(ReplicaMode mode, OptimiserKind optimiser)
    {
        using TempFolder folder = new();
        var record = TinyRun.Record(TinyRun.Recipe with { Optimiser = optimiser });

        var plain = Train(folder["plain"], record);
        var replicated = Train(folder["replicated"], record with { Replicas = new(1, mode) });

        Assert.Equal(Bytes(plain.CheckpointFile), Bytes(replicated.CheckpointFile));
        Assert.Equal(File.ReadAllBytes(plain.WeightsFile), File.ReadAllBytes(replicated.WeightsFile));
    }

    /// <summary>
    /// Without batch norm, and without dropout, which each replica draws for itself, the mean of the parts' gradients is the
    /// batch's. Four replicas share batches of six here, so their parts differ in size and must be weighted by it. The rate is low, so
    /// that no rectifier is tipped over by a rounding: where one was, weights were 3e-4 apart after six steps.
    /// </summary>
    [Theory]
    [InlineData(2, 3, OptimiserKind.Sgd)]
    [InlineData(4, 2, OptimiserKind.Sgd)]
    [InlineData(4, 2, OptimiserKind.RmsProp)]
    public void Run_SynchronousReplicas_EqualOneLargeBatchWithinRounding(int replicas, int each, OptimiserKind optimiser)
    {
        using TempFolder folder = new();
        var record = WithoutNorm(TinyRun.Recipe with { Optimiser = optimiser, Epochs = 3, LearningRate = 0.01 });

        var large = Train(folder["large"], record with { Recipe = record.Recipe with { BatchSize = each * replicas } });
        var several = Train(
            folder["several"],
            record with
            {
                Recipe = record.Recipe with { BatchSize = each },
                Replicas = new(replicas, ReplicaMode.Sync),
            }
        );

        Assert.Equal(6, new BatchPlan(TinyRun.Data.Train.Count, each * replicas)[0].End.Value);
        var (first, second) = (Weights(large), Weights(several));
        Assert.InRange(LargestDifference(first, second), 0, 2e-6);
        Assert.InRange(
            LargestDifference(
                first,
                Weights(Train(folder["short"], record with { Recipe = record.Recipe with { Epochs = 1, BatchSize = 6 } }))
            ),
            1e-4,
            10
        );
    }

    [Fact]
    public void Run_SynchronousReplicasTwice_EndWithTheSameBits()
    {
        using TempFolder folder = new();
        var record = TinyRun.Record(TinyRun.Recipe with { BatchSize = 3 }) with { Replicas = new(2, ReplicaMode.Sync) };

        Assert.Equal(Bytes(Train(folder["one"], record).CheckpointFile), Bytes(Train(folder["other"], record).CheckpointFile));
    }

    [Fact]
    public void Run_AsynchronousReplicas_UseEveryBatchOnceAndReportStaleness()
    {
        using TempFolder folder = new();
        var record = TinyRun.Record(TinyRun.Recipe with { BatchSize = 1, Epochs = 2 });
        // With one image there is no batch statistic.
        record = record with
        {
            Network = WithoutNorm(TinyRun.Recipe).Network,
            Replicas = new(3, ReplicaMode.Async),
        };
        var directory = Train(
            folder["run"],
            record,
            trainer =>
            {
                Assert.Equal(2 * TinyRun.Data.Train.Count, trainer.State.Progress.Step);
                Assert.All(trainer.Epochs, epoch => Assert.InRange(epoch.StalenessMean!.Value, 0, epoch.StalenessMax!.Value));
                Assert.All(trainer.Epochs, epoch => Assert.InRange(epoch.WaitingShare, 0, 1.001));
            }
        );

        var header = File.ReadLines(directory.LogFile).First().Split(',');
        Assert.Equal(["staleness_mean", "staleness_max"], header[8..10]);
        Assert.All(File.ReadLines(directory.LogFile).Skip(1), line => Assert.DoesNotContain("", line.Split(',')[8..10]));
        Assert.Contains("staleness", XDocument.Load(directory.CurveFile).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReplicaMode.Sync)]
    [InlineData(ReplicaMode.Async)]
    public void Run_LossNoLongerANumber_EndsAllReplicasAndSaysSo(ReplicaMode mode)
    {
        using TempFolder folder = new();
        var recipe = TinyRun.Recipe with { LearningRate = 1e30, WarmUpEpochs = 0, Epochs = 20, BatchSize = 2 };
        using Trainer trainer = new(
            TinyRun.Record(recipe) with
            {
                Replicas = new(3, mode),
            },
            TinyRun.Data,
            new RunDirectory(folder["run"]),
            TimeProvider.System
        );

        Assert.Contains("--lr", Assert.Throws<InvalidDataException>(() => trainer.Run()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReplicaMode.Sync)]
    [InlineData(ReplicaMode.Async)]
    public void Run_ImageThatCannotBeRead_EndsAllReplicasAndSaysWhich(ReplicaMode mode)
    {
        using TempFolder folder = new();
        var data = TinyRun.Data with { Train = new Broken(TinyRun.Data.Train) };
        using Trainer trainer = new(
            TinyRun.Record(TinyRun.Recipe with { BatchSize = 2 }) with
            {
                Replicas = new(2, mode),
            },
            data,
            new RunDirectory(folder["run"]),
            TimeProvider.System
        );

        Assert.Equal("broken", Assert.Throws<InvalidDataException>(() => trainer.Run()).Message);
    }

    [Theory]
    [InlineData(ReplicaMode.Sync, true)]
    [InlineData(ReplicaMode.Async, false)] // whose order of gradients is the machine's
    public void Run_ReplicasStoppedAndResumed_MakeEveryStepOnce(ReplicaMode mode, bool sameBits)
    {
        using TempFolder folder = new();
        var record = TinyRun.Record(TinyRun.Recipe with { BatchSize = mode == ReplicaMode.Sync ? 2 : 4 }) with { Replicas = new(2, mode) };
        var straight = Train(folder["straight"], record);

        RunDirectory directory = new(folder["stopped"]);
        using (CancellationTokenSource stop = new())
        using (Trainer trainer = new(record, TinyRun.Data, directory, TimeProvider.System))
            Assert.False(trainer.Run(onStep: _ => stop.Cancel(), cancellation: stop.Token));
        using (Trainer trainer = new(record, TinyRun.Data, directory, TimeProvider.System))
        {
            trainer.Resume();
            Assert.InRange(trainer.State.Progress.Step, 1, 2); // what was under way was finished
            Assert.True(trainer.Run());
            Assert.Equal(6, trainer.State.Progress.Step);
        }

        if (sameBits)
            Assert.Equal(Bytes(straight.CheckpointFile), Bytes(directory.CheckpointFile));
    }

    [Fact]
    public void Constructor_MoreReplicasThanImages_IsRefused()
    {
        using TempFolder folder = new();
        var record = TinyRun.Record(TinyRun.Recipe) with { Replicas = new(13, ReplicaMode.Sync) };

        Assert.Throws<InvalidDataException>(() => new Trainer(record, TinyRun.Data, new RunDirectory(folder["run"]), TimeProvider.System));
    }

    private static RunRecord WithoutNorm(Recipe recipe)
    {
        var record = TinyRun.Record(recipe);
        return record with { Network = record.Network with { Architecture = "googlenet", Aux = false, Dropout = 0 } };
    }

    private static RunDirectory Train(string path, RunRecord record, Action<Trainer>? check = null)
    {
        RunDirectory directory = new(path);
        using Trainer trainer = new(record, TinyRun.Data, directory, TimeProvider.System);
        Assert.True(trainer.Run());
        check?.Invoke(trainer);
        return directory;
    }

    private static List<(string Name, string Bytes)> Bytes(string path)
    {
        using var file = SafetensorsReader.Open(path);
        return [.. file.Entries.Select(entry => (entry.Name, Convert.ToHexString(file.Read(entry))))];
    }

    private static float[] Weights(RunDirectory run)
    {
        using var file = SafetensorsReader.Open(run.CheckpointFile);
        return
        [
            .. file
                .Entries.Where(entry => entry.Name.StartsWith("model.", StringComparison.Ordinal))
                .SelectMany(entry => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(file.Read(entry)).ToArray()),
        ];
    }

    private static double LargestDifference(float[] one, float[] other)
    {
        Assert.Equal(one.Length, other.Length);
        return one.Zip(other, (a, b) => Math.Abs((double)a - b)).Max();
    }

    private sealed class Broken(IImageSource source) : IImageSource
    {
        public int Count => source.Count;

        public int LabelOf(int index) => source.LabelOf(index);

        public DecodedImage Load(int index) => index == 5 ? throw new InvalidDataException("broken") : source.Load(index);
    }
}
