using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Loop;
using Saccade.Training.Networks.Layers;
using Saccade.Training.Recipes;
using Xunit;

namespace Saccade.Training.Tests.Training;

/// <summary>Frozen layers, features computed once, and what else a run does that starts from a trained network.</summary>
public sealed class FineTuningTests : IDisposable
{
    private static readonly Recipe Frozen = TinyRun.Recipe with { Freeze = FreezeDepth.Backbone, AuxWeight = 0.3 };

    private static readonly Recipe Cached = TinyRun.Recipe with
    {
        Freeze = FreezeDepth.Backbone,
        Augmentation = AugmentationOptions.Off,
        Averaging = new() { Kind = AveragingKind.None },
    };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_FrozenBackbone_MovesTheClassifiersAlone()
    {
        var (before, after) = (Start(Frozen), Weights(Train("run", Frozen)));

        Assert.Equal(before.Keys, after.Keys);
        Assert.All(before, pair => Assert.Equal(IsClassifier(pair.Key), after[pair.Key] != pair.Value));
    }

    [Fact]
    public void Run_FirstStagesFrozen_KeepsThemAndTheirStatistics()
    {
        var recipe = TinyRun.Recipe with { Freeze = FreezeDepth.FirstStages(4) }; // conv1, conv2, conv3, inception3a
        var (before, after) = (Start(recipe), Weights(Train("run", recipe)));

        string[] frozen = ["conv1", "conv2", "conv3", "inception3a"];
        Assert.All(
            before.Where(pair => frozen.Any(stage => pair.Key.StartsWith($"{stage}.", StringComparison.Ordinal))),
            pair => Assert.Equal(pair.Value, after[pair.Key])
        );
        Assert.NotEqual(before["inception3b.branch1.bn.running_mean"], after["inception3b.branch1.bn.running_mean"]);
        Assert.NotEqual(before["inception3b.branch1.conv.weight"], after["inception3b.branch1.conv.weight"]);
    }

    [Theory]
    [InlineData(ReplicaMode.Sync)]
    [InlineData(ReplicaMode.Async)]
    public void Run_FrozenBackboneInReplicas_MovesTheClassifiersAlone(ReplicaMode mode)
    {
        var record = TinyRun.Record(Frozen) with { Replicas = new RunReplicas(2, mode) };
        var (before, after) = (Start(Frozen), Weights(Train("run", record)));

        Assert.All(before.Where(pair => !IsClassifier(pair.Key)), pair => Assert.Equal(pair.Value, after[pair.Key]));
        Assert.NotEqual(before["fc.weight"], after["fc.weight"]);
    }

    [Fact]
    public void Run_UnfreezeAfterAnEpoch_TrainsTheBackboneFromThenOn()
    {
        var recipe = Frozen with { UnfreezeAfter = 1 };
        var before = Start(recipe);
        var directory = new RunDirectory(_folder["run"]);
        using var trainer = New(TinyRun.Record(recipe), directory);
        Dictionary<string, string>? first = null;

        Assert.True(trainer.Run(onEpoch: _ => first ??= Weights(directory)));

        Assert.All(before.Where(pair => !IsClassifier(pair.Key)), pair => Assert.Equal(pair.Value, first![pair.Key]));
        Assert.NotEqual(before["conv1.conv.weight"], Weights(directory)["conv1.conv.weight"]);
        Assert.NotEqual(before["conv1.bn.running_mean"], Weights(directory)["conv1.bn.running_mean"]);
    }

    [Fact]
    public void Run_TooManyStages_SaysHowManyThereAre()
    {
        var error = Assert.Throws<NetworkException>(() =>
            New(TinyRun.Record(TinyRun.Recipe with { Freeze = FreezeDepth.FirstStages(99) }), new RunDirectory(_folder["run"]))
        );

        Assert.Contains("12 stages", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A factor of the rate: with 0 the backbone stays where it is, though its statistics move.</summary>
    [Fact]
    public void Run_BackboneRate_IsAFactorOfTheRate()
    {
        var recipe = TinyRun.Recipe with { BackboneRate = 0, WeightDecay = 0.1 };
        var (before, after) = (Start(recipe), Weights(Train("run", recipe)));

        Assert.Equal(before["inception5b.branch1.conv.weight"], after["inception5b.branch1.conv.weight"]);
        Assert.NotEqual(before["inception5b.branch1.bn.running_mean"], after["inception5b.branch1.bn.running_mean"]);
        Assert.NotEqual(before["fc.weight"], after["fc.weight"]);
        Assert.NotEqual(before["aux1.fc2.weight"], after["aux1.fc2.weight"]);
    }

    /// <summary>What the backbone makes of an image does not depend on the batch it is in, so computing it once changes rounding
    /// only.</summary>
    [Fact]
    public void Run_CachedFeatures_LearnsWhatTheWholeNetworkWould()
    {
        var record = TinyRun.Record(Cached);
        record = record with { Network = record.Network with { Aux = false } };
        Assert.True(record.Recipe.KeepsFeatures);
        using var cached = New(record, new RunDirectory(_folder["cached"]));
        using var whole = New(record with { Recipe = Cached with { CachedFeatures = 0 } }, new RunDirectory(_folder["whole"]));

        Assert.True(cached.Run() && whole.Run());

        Assert.Equal(
            whole.Epochs.Select(epoch => epoch.Loss),
            cached.Epochs.Select(epoch => epoch.Loss),
            (one, two) => Math.Abs(one - two) < 1e-4
        );
        Assert.Equal(
            whole.Epochs.Select(epoch => epoch.HeldOutLoss!.Value),
            cached.Epochs.Select(epoch => epoch.HeldOutLoss!.Value),
            (one, two) => Math.Abs(one - two) < 1e-4
        );
        Assert.Equal(whole.Epochs.Select(epoch => epoch.Top1), cached.Epochs.Select(epoch => epoch.Top1));
    }

    [Fact]
    public void Run_SeveralCachedViews_TakeTurns()
    {
        var recipe = Cached with
        {
            Augmentation = TinyRun.Recipe.Augmentation,
            LearningRate = 0,
            WarmUpEpochs = 0,
            Epochs = 5,
            CachedFeatures = 2,
        };
        var record = TinyRun.Record(recipe);
        using var trainer = New(
            record with
            {
                Network = record.Network with { Aux = false, Dropout = 0 },
            },
            new RunDirectory(_folder["run"])
        );

        Assert.True(trainer.Run());

        // Nothing is learnt, so the loss depends on the view alone.
        var losses = trainer.Epochs.Select(epoch => Math.Round(epoch.Loss, 2)).ToArray();
        Assert.Equal((losses[0], losses[1]), (losses[2], losses[3]));
        Assert.Equal(losses[0], losses[4]);
        Assert.NotEqual(losses[0], losses[1]);
    }

    public static TheoryData<string, Recipe> Resumed =>
        new()
        {
            { "frozen, then not", Frozen with { UnfreezeAfter = 1, Optimiser = OptimiserKind.AdamW, BackboneRate = 0.1 } },
            { "cached", Cached with { CachedFeatures = 2, Optimiser = OptimiserKind.AdamW } },
            {
                "mixed and balanced",
                TinyRun.Recipe with
                {
                    MixUp = 0.4,
                    CutMix = 1,
                    Sampling = SamplingKind.Balanced,
                    ClassWeights = ClassWeightsKind.Balanced,
                    Accumulate = 2,
                    Augmentation = new() { RandAugment = 2 },
                }
            },
        };

    [Theory]
    [MemberData(nameof(Resumed))]
    public void Run_StoppedAndResumed_EndsWithTheSameBits(string name, Recipe recipe)
    {
        var record = TinyRun.Record(recipe);
        record = record with { Network = record.Network with { Aux = name != "cached" } };
        var straight = Train("straight", record);
        foreach (var stopAfter in new[] { 1, 3, 4 })
        {
            RunDirectory directory = new(_folder[$"stopped-{stopAfter}"]);
            using (CancellationTokenSource stop = new())
            using (var trainer = New(record, directory))
            {
                var steps = 0;
                void Count()
                {
                    if (++steps == stopAfter)
                        stop.Cancel();
                }

                Assert.False(trainer.Run(onStep: _ => Count(), cancellation: stop.Token));
            }

            using (var trainer = New(record, directory))
            {
                trainer.Resume();
                Assert.True(trainer.Run());
            }

            Assert.Equal(File.ReadAllBytes(straight.WeightsFile), File.ReadAllBytes(directory.WeightsFile));
        }
    }

    [Fact]
    public void Run_Patience_EndsWhenNothingGetsBetterAndStaysEnded()
    {
        var recipe = TinyRun.Recipe with { Epochs = 20, LearningRate = 0, WarmUpEpochs = 0, Patience = 3, Freeze = FreezeDepth.Backbone };
        RunDirectory directory = new(_folder["run"]);
        using (var trainer = New(TinyRun.Record(recipe), directory))
        {
            Assert.True(trainer.Run());
            Assert.True(trainer.StoppedEarly);
            Assert.Equal((4, 1), (trainer.Epochs.Count, trainer.State.Progress.BestEpoch)); // nothing is learnt, so the first is the best
        }

        using var again = New(TinyRun.Record(recipe), directory);
        again.Resume();
        Assert.True(again.Run(onStep: _ => Assert.Fail("there is nothing left to do")));
    }

    [Fact]
    public void Extend_RunThatPatienceEnded_IsPatientAgain()
    {
        var recipe = TinyRun.Recipe with { Epochs = 6, LearningRate = 0, WarmUpEpochs = 0, Patience = 3, Freeze = FreezeDepth.Backbone };
        RunDirectory directory = new(_folder["run"]);
        using (var trainer = New(TinyRun.Record(recipe), directory))
            Assert.True(trainer.Run());

        using var longer = New(TinyRun.Record(recipe with { Epochs = 20 }), directory);
        longer.Resume();
        longer.Extend(before: 6);

        Assert.False(longer.StoppedEarly);
        Assert.True(longer.Run());
        Assert.True(longer.StoppedEarly);
        Assert.Equal(7, longer.Epochs.Count);
        Assert.Equal([new RunExtension(6, 12)], directory.ReadRecord().Extensions);
    }

    /// <summary>The schedule is that of the longer run from where the shorter one ended.</summary>
    [Fact]
    public void Resume_MoreEpochs_StretchesTheSchedule()
    {
        Train("run", TinyRun.Recipe);
        using var trainer = New(TinyRun.Record(TinyRun.Recipe with { Epochs = 5 }), new RunDirectory(_folder["run"]));
        trainer.Resume();

        Assert.Equal(new LearningRateSchedule(TinyRun.Recipe with { Epochs = 5 }, 3, 12).At(6), trainer.LearningRate);
        Assert.True(trainer.Run());
        Assert.Equal([1, 2, 3, 4, 5], trainer.Epochs.Select(epoch => epoch.Epoch));
    }

    /// <summary>Without batch norm's statistics of each part and without dropout, parts are only another order of summation.</summary>
    [Theory]
    [InlineData(ClassWeightsKind.None)]
    [InlineData(ClassWeightsKind.Balanced)]
    public void Run_Accumulated_LearnsWhatTheWholeBatchWould(ClassWeightsKind weights)
    {
        var data = TinyRun.Data with { Train = new Subset(TinyRun.Data.Train, [0, 3, 6, 9, 1, 4, 7, 2]) }; // 4, 3 and 1 of the classes
        var recipe = TinyRun.Recipe with { Freeze = FreezeDepth.Backbone, AuxWeight = 0, Epochs = 1, ClassWeights = weights };
        var record = TinyRun.Record(recipe);
        record = record with { Network = record.Network with { Dropout = 0, Aux = false } };
        using var whole = New(record, new RunDirectory(_folder["whole"]), data);
        using var parts = New(record with { Recipe = recipe with { Accumulate = 3 } }, new RunDirectory(_folder["parts"]), data);

        Assert.True(whole.Run() && parts.Run());

        Assert.Equal(1, parts.Epochs[0].Loss / whole.Epochs[0].Loss, 1e-5);
        Assert.Equal(1, parts.Epochs[0].HeldOutLoss!.Value / whole.Epochs[0].HeldOutLoss!.Value, 1e-5);
    }

    [Fact]
    public void FindRate_TinyRun_TriesRisingRatesUntilTheLossGrows()
    {
        var trials = new LearningRateFinder(TinyRun.Record(TinyRun.Recipe), TinyRun.Data, TimeProvider.System).Run(
            steps: 30,
            device: null,
            initialise: null,
            teachers: null,
            CancellationToken.None
        );

        Assert.InRange(trials.Count, 10, 30);
        Assert.Equal(trials.Select(trial => trial.Rate).Order(), trials.Select(trial => trial.Rate));
        Assert.All(trials, trial => Assert.InRange(trial.Loss, 0, 10));
        var svg = System.Xml.Linq.XDocument.Parse(LearningRateSvg.Draw(trials, trials[5].Rate));
        Assert.Contains(svg.Descendants(), element => element.Name.LocalName == "polyline");
    }

    [Fact]
    public void Events_Epochs_AreWrittenUnderTheirTags()
    {
        TensorBoardEvents events = new(_folder["tensorboard"]);
        events.Add(new EpochResult(1, 0.1, 2, 0.5, null, 100, 0, 1) { HeldOutLoss = 1.5 });
        events.Add(new EpochResult(2, 0.1, 1, 0.6, null, 100, 0, 1) { HeldOutLoss = 1.2 });

        var written = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder["tensorboard"]))));
        foreach (var tag in new[] { "loss/train", "loss/held-out", "top-1/trained", "learning-rate" })
            Assert.Equal(3, written.Split(tag).Length);
        Assert.DoesNotContain("averaged", written, StringComparison.Ordinal);
    }

    private static bool IsClassifier(string name) =>
        name.StartsWith("fc.", StringComparison.Ordinal) || name.StartsWith("aux", StringComparison.Ordinal);

    private static Dictionary<string, string> Start(Recipe recipe)
    {
        using var state = TrainingState.Create(TinyRun.Record(recipe), stepsPerEpoch: 3);
        return state.NetworkTensors.ToDictionary(
            tensor => tensor.Name,
            tensor => Convert.ToHexString(tensor.Value.detach().bytes.ToArray()),
            StringComparer.Ordinal
        );
    }

    private RunDirectory Train(string name, Recipe recipe) => Train(name, TinyRun.Record(recipe));

    private RunDirectory Train(string name, RunRecord record)
    {
        RunDirectory directory = new(_folder[name]);
        using var trainer = New(record, directory);
        Assert.True(trainer.Run());
        return directory;
    }

    private static Trainer New(RunRecord record, RunDirectory directory, DataSet? data = null) =>
        new(record, data ?? TinyRun.Data, directory, TimeProvider.System);

    /// <summary>The trained weights, from the checkpoint.</summary>
    private static Dictionary<string, string> Weights(RunDirectory directory)
    {
        const string prefix = "model.";
        using var file = SafetensorsReader.Open(directory.CheckpointFile);
        return file
            .Entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Name[prefix.Length..], entry => Convert.ToHexString(file.Read(entry)), StringComparer.Ordinal);
    }
}
