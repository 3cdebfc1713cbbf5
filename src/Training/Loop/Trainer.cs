using Saccade.Inference.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Recipes;
using TorchSharp;

namespace Saccade.Training.Loop;

/// <summary>
/// The visible loop: for every epoch a permutation of the images, for every batch one step, then a measurement, a line in the log
/// and a checkpoint. What happens in a step depends on the run record and the step's number alone, so a run that was stopped
/// and taken up again, anywhere, ends with the very weights of one that was not.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly RunDirectory _directory;
    private readonly DataSet _data;
    private readonly EvaluationCrops _evaluationCrops;
    private readonly TimeProvider _clock;
    private readonly EpochBatches _batches;
    private readonly LearningRateSchedule _schedule;
    private readonly IReadOnlyList<Node> _frozen;
    private readonly ITrainingMode _mode;
    private readonly int _loaders;
    private RunRecord _record;
    private FeatureCache? _heldOutFeatures;
    private EpochLog _log;

    /// <summary>Builds network and optimiser; nothing is written yet.</summary>
    /// <param name="record">What defines the run.</param>
    /// <param name="data">The images.</param>
    /// <param name="directory">Where the run's files go.</param>
    /// <param name="clock">Measures speed.</param>
    /// <param name="loaders">Batches that are decoded and cropped at once; null for as many as compute. It never alters a result.</param>
    /// <param name="device">What computes; null means the CPU.</param>
    /// <param name="initialise">Gives the network other weights than random ones; not needed by a run that is taken up.</param>
    /// <param name="teachers">What the network learns from beside the labels; the caller's to dispose.</param>
    /// <exception cref="InvalidDataException">There are more replicas than a batch has images.</exception>
    public Trainer(
        RunRecord record,
        DataSet data,
        RunDirectory directory,
        TimeProvider clock,
        int? loaders = null,
        torch.Device? device = null,
        Action<NetworkModule>? initialise = null,
        Teachers? teachers = null
    )
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(data);
        _record = record;
        _directory = directory;
        _clock = clock;
        _data = data;
        var train = data.Train;
        var replicas = record.Replicas ?? new RunReplicas(1, ReplicaMode.Sync);
        var together = replicas.Mode == ReplicaMode.Sync ? replicas.Count : 1;
        _batches = new EpochBatches(record, train, checked(record.Recipe.BatchSize * together), clock);
        if (train.Count / _batches.Plan.Count < together)
            throw new InvalidDataException($"{together} replicas have too few images in a batch of {train.Count / _batches.Plan.Count}.");
        _schedule = new LearningRateSchedule(record.Recipe, _batches.Plan.Count, train.Count);
        _loaders = loaders ?? record.Threads * replicas.Count;
        _evaluationCrops = new EvaluationCrops(CropMode.Single, record.Preprocessing, record.Network.InputSize);
        _log = EpochLog.Start(directory);

        // One order of summation: torch splits sums by threads.
        torch.set_num_threads(record.Threads);
        State = TrainingState.Create(record, _batches.Plan.Count, device, initialise);
        _frozen = FrozenLayers.Of(State.Network.Network, record.Recipe.Freeze);
        TrainingStep step = new(
            record,
            ClassWeights.Of(record.Recipe.ClassWeights, train, data.Labels.Count),
            record.Recipe.KeepsFeatures,
            teachers
        );
        _mode = record.Replicas switch
        {
            null => new SingleLoop(State, step),
            { Mode: ReplicaMode.Async } => new AsynchronousReplicas(State, record, step, replicas.Count),
            _ => new SynchronousReplicas(State, record, step, replicas.Count),
        };
    }

    /// <summary>Network, optimiser, averages and position.</summary>
    public TrainingState State { get; }

    /// <summary>The epochs so far.</summary>
    public IReadOnlyList<EpochResult> Epochs => _log.Epochs;

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate => _schedule.At(State.Progress.Step);

    /// <summary>
    /// Whether the held-out figure has not become better for as long as the recipe is patient, counted anew where the run was given more
    /// epochs.
    /// </summary>
    public bool StoppedEarly =>
        _record.Recipe.Patience is { } patience
        && _log.Epochs is [.., { Top1: not null, Epoch: var last }]
        && last - Math.Max(State.Progress.BestEpoch, ExtendedAfter) >= patience;

    private int ExtendedAfter => _record.Extensions is [.., { Step: var step }] ? (int)(step / _batches.Plan.Count) : 0;

    private bool Done => StoppedEarly || State.Progress.Step >= (long)_record.Recipe.Epochs * _batches.Plan.Count;

    /// <summary>Takes up the run that the directory's checkpoint holds.</summary>
    /// <exception cref="InvalidDataException">There is none, or it does not fit the run record.</exception>
    public void Resume()
    {
        if (!File.Exists(_directory.CheckpointFile))
            throw new InvalidDataException($"'{_directory.Path}' holds no checkpoint; the run stopped before its first.");
        State.Load(_directory.CheckpointFile);
        _log = EpochLog.Continue(_directory, (int)(State.Progress.Step / _batches.Plan.Count));
    }

    /// <summary>Writes into the run's record that it was given more epochs, from its present step on.</summary>
    /// <param name="before">How many it had.</param>
    public void Extend(int before)
    {
        _record = _record with { Extensions = [.. _record.Extensions ?? [], new RunExtension(before, State.Progress.Step)] };
        _directory.WriteRecord(_record);
    }

    /// <summary>Trains to the end.</summary>
    /// <param name="onStep">Told after every step.</param>
    /// <param name="onEpoch">Told after every epoch, once its files are written.</param>
    /// <param name="cancellation">Stops after the step under way; a checkpoint is written first.</param>
    /// <returns>True at the end, false if cancelled.</returns>
    /// <exception cref="InvalidDataException">An image cannot be read, or the loss is no longer a number.</exception>
    public bool Run(Action<StepReport>? onStep = null, Action<EpochResult>? onEpoch = null, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(_directory.Path);
        if (!Done && _record.Recipe.KeepsFeatures && !ComputeFeatures(cancellation))
        {
            State.Save(_directory.CheckpointFile);
            return false;
        }

        while (!Done)
        {
            if (RunEpoch(onStep, cancellation) is not { } epoch)
            {
                State.Save(_directory.CheckpointFile);
                return false;
            }

            Record(epoch);
            onEpoch?.Invoke(epoch);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mode.Dispose();
        State.Dispose();
    }

    /// <summary>Runs training and held-out images through the frozen backbone.</summary>
    /// <returns>False if it was cancelled.</returns>
    private bool ComputeFeatures(CancellationToken cancellation)
    {
        try
        {
            SampleWriter[] views = [.. Enumerable.Range(0, _record.Recipe.CachedFeatures ?? 1).Select(_batches.CropsOf)];
            _batches.Features = FeatureCache.Of(State.Network, _data.Train, views, _loaders, _clock, cancellation);
            _heldOutFeatures = FeatureCache.Of(State.Network, _data.HeldOut, [_evaluationCrops.Write], _loaders, _clock, cancellation);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private EpochResult? RunEpoch(Action<StepReport>? onStep, CancellationToken cancellation)
    {
        var progress = State.Progress;
        var steps = _batches.Plan.Count;
        var (epoch, first) = ((int)(progress.Step / steps), (int)(progress.Step % steps));
        foreach (var network in _mode.Networks)
            network.Freeze(_record.Recipe.IsFrozenIn(epoch) ? _frozen : []);
        using BatchFeed feed = new(_batches.Read(epoch, first, _loaders + _mode.Takers, _loaders), progress.Step, _clock, cancellation);
        var start = _clock.GetTimestamp();
        var imagesBefore = progress.Images;
        var end = (epoch + 1L) * steps;
        State.Network.train();
        _mode.Run(
            feed,
            new WeightUpdate(
                State,
                _schedule,
                () =>
                    onStep?.Invoke(
                        new StepReport(
                            epoch + 1,
                            (int)(steps + progress.Step - end),
                            steps,
                            progress.LossSum / progress.Images,
                            (progress.Images - imagesBefore) / _clock.GetElapsedTime(start).TotalSeconds
                        )
                    )
            )
        );
        if (progress.Step < end)
            return null;

        var training = _clock.GetElapsedTime(start);
        var asynchronous = _record.Replicas?.Mode == ReplicaMode.Async;
        EpochResult result = new(
            epoch + 1,
            _schedule.At(end - 1),
            progress.LossSum / progress.Images,
            Top1: null,
            Top1Averaged: null,
            (progress.Images - imagesBefore) / training.TotalSeconds,
            feed.Waited / (training * _mode.Takers),
            training.TotalSeconds
        )
        {
            StalenessMean = asynchronous ? (double)progress.StalenessSum / steps : null,
            StalenessMax = asynchronous ? progress.StalenessMax : null,
            UsesAverage = State.Average?.IsRipe(progress.Step) ?? false,
        };
        (progress.LossSum, progress.Images, progress.StalenessSum, progress.StalenessMax) = (0, 0, 0, 0);
        if (result.Epoch % _record.EvaluateEvery != 0 && result.Epoch != _record.Recipe.Epochs)
            return result;
        var trained = Measure();
        Scores? averaged = null;
        using (State.Average?.Use())
            averaged = State.Average is null ? null : Measure();
        return result with
        {
            Top1 = trained.Top1,
            Top1Averaged = averaged?.Top1,
            HeldOutLoss = (result.UsesAverage ? averaged! : trained).CrossEntropy,
            Seconds = _clock.GetElapsedTime(start).TotalSeconds,
        };
    }

    private Scores Measure() =>
        _heldOutFeatures?.Score(State.Network)
        ?? new Evaluator(_data.HeldOut, _evaluationCrops, _record.Threads, _clock).Run(State.Network);

    private void Record(EpochResult epoch)
    {
        _log.Add(epoch);
        using (epoch.UsesAverage ? State.Average!.Use() : null)
        {
            var note = Note(epoch);
            TensorFile.Write(_directory.WeightsFile, State.NetworkTensors, note);
            if (IsBest(epoch, State.Progress) || !File.Exists(_directory.BestFile))
                TensorFile.Write(_directory.BestFile, State.NetworkTensors, note);
        }

        State.Save(_directory.CheckpointFile); // last: what it says is done must be on the disk
    }

    // Small held-out parts have many ties in accuracy, which the loss decides.
    private static bool IsBest(EpochResult epoch, Progress progress)
    {
        if (
            epoch.Top1Used is not { } top1
            || top1 < progress.BestTop1
            || (top1 == progress.BestTop1 && epoch.HeldOutLoss >= progress.BestLoss)
        )
            return false;
        (progress.BestTop1, progress.BestLoss, progress.BestEpoch) = (top1, epoch.HeldOutLoss, epoch.Epoch);
        return true;
    }

    private Dictionary<string, string> Note(EpochResult epoch) =>
        new(StringComparer.Ordinal)
        {
            ["architecture"] = _record.Network.Architecture,
            ["epoch"] = epoch.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["weights"] = epoch.UsesAverage ? $"averaged ({_record.Recipe.Averaging.Kind})" : "trained",
            ["heldOutTop1"] = epoch.Top1Used is { } top1 ? $"{top1:F4}" : "not measured",
        };
}
