using Saccade.Inference.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;
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
    private const long OrderPurpose = 0x6f72_6465;

    private readonly RunRecord _record;
    private readonly RunDirectory _directory;
    private readonly IImageSource _train;
    private readonly Evaluator _evaluator;
    private readonly TimeProvider _clock;
    private readonly BatchPlan _batches;
    private readonly LearningRateSchedule _schedule;
    private readonly TrainingCrops _crops;
    private readonly ITrainingMode _mode;
    private readonly int _loaders;
    private EpochLog _log;

    /// <summary>Builds network and optimiser; nothing is written yet.</summary>
    /// <param name="record">What defines the run.</param>
    /// <param name="data">The images.</param>
    /// <param name="directory">Where the run's files go.</param>
    /// <param name="clock">Measures speed.</param>
    /// <param name="loaders">Batches that are decoded and cropped at once; null for as many as compute. It never alters a result.</param>
    /// <param name="device">What computes; null means the CPU.</param>
    /// <exception cref="InvalidDataException">There are more replicas than a batch has images.</exception>
    public Trainer(
        RunRecord record,
        DataSet data,
        RunDirectory directory,
        TimeProvider clock,
        int? loaders = null,
        torch.Device? device = null
    )
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(data);
        _record = record;
        _directory = directory;
        _clock = clock;
        _train = data.Train;
        var replicas = record.Replicas ?? new RunReplicas(1, ReplicaMode.Sync);
        var together = replicas.Mode == ReplicaMode.Sync ? replicas.Count : 1;
        _batches = new BatchPlan(_train.Count, checked(record.Recipe.BatchSize * together));
        if (_train.Count / _batches.Count < together)
            throw new InvalidDataException($"{together} replicas have too few images in a batch of {_train.Count / _batches.Count}.");
        _schedule = new LearningRateSchedule(record.Recipe, _batches.Count, _train.Count);
        _loaders = loaders ?? record.Threads * replicas.Count;
        _crops = new TrainingCrops(record.Preprocessing, record.Network.InputSize, record.Recipe.Augmentation, record.Seed);
        var crops = new EvaluationCrops(CropMode.Single, record.Preprocessing, record.Network.InputSize);
        _evaluator = new Evaluator(data.HeldOut, crops, record.Threads, clock);
        _log = EpochLog.Start(directory);

        // One order of summation: torch splits sums by threads.
        torch.set_num_threads(record.Threads);
        State = TrainingState.Create(record, _batches.Count, device);
        _mode = record.Replicas switch
        {
            null => new SingleLoop(State, record),
            { Mode: ReplicaMode.Async } => new AsynchronousReplicas(State, record, replicas.Count),
            _ => new SynchronousReplicas(State, record, replicas.Count),
        };
    }

    /// <summary>Network, optimiser, averages and position.</summary>
    public TrainingState State { get; }

    /// <summary>The epochs so far.</summary>
    public IReadOnlyList<EpochResult> Epochs => _log.Epochs;

    private bool Done => State.Progress.Step >= (long)_record.Recipe.Epochs * _batches.Count;

    /// <summary>Takes up the run that the directory's checkpoint holds.</summary>
    /// <exception cref="InvalidDataException">There is none, or it does not fit the run record.</exception>
    public void Resume()
    {
        if (!File.Exists(_directory.CheckpointFile))
            throw new InvalidDataException($"'{_directory.Path}' holds no checkpoint; the run stopped before its first.");
        State.Load(_directory.CheckpointFile);
        _log = EpochLog.Continue(_directory, (int)(State.Progress.Step / _batches.Count));
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

    private EpochResult? RunEpoch(Action<StepReport>? onStep, CancellationToken cancellation)
    {
        var progress = State.Progress;
        var (epoch, first) = ((int)(progress.Step / _batches.Count), (int)(progress.Step % _batches.Count));
        var order = SplitMix64.At(_record.Seed, OrderPurpose, epoch).Permutation(_train.Count);
        var values = 3 * _record.Network.InputSize * _record.Network.InputSize;
        BatchLoader loader = new(_train, values, _loaders + _mode.Takers, _clock, _loaders);
        using BatchFeed feed = new(loader.Read(order, _batches, _crops.ForEpoch(epoch), first), progress.Step, _clock, cancellation);
        var start = _clock.GetTimestamp();
        var imagesBefore = progress.Images;
        var end = (epoch + 1L) * _batches.Count;
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
                            (int)(_batches.Count + progress.Step - end),
                            _batches.Count,
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
            StalenessMean = asynchronous ? (double)progress.StalenessSum / _batches.Count : null,
            StalenessMax = asynchronous ? progress.StalenessMax : null,
        };
        (progress.LossSum, progress.Images, progress.StalenessSum, progress.StalenessMax) = (0, 0, 0, 0);
        if (result.Epoch % _record.EvaluateEvery != 0 && result.Epoch != _record.Recipe.Epochs)
            return result;
        var (trained, averaged) = Evaluate();
        return result with { Top1 = trained, Top1Averaged = averaged, Seconds = _clock.GetElapsedTime(start).TotalSeconds };
    }

    private (double Trained, double? Averaged) Evaluate()
    {
        var trained = _evaluator.Run(State.Network).Top1;
        if (State.Average is null)
            return (trained, null);
        using (State.Average.Use())
            return (trained, _evaluator.Run(State.Network).Top1);
    }

    private void Record(EpochResult epoch)
    {
        _log.Add(epoch);
        using (State.Average?.Use())
        {
            var note = Note(epoch);
            TensorFile.Write(_directory.WeightsFile, State.NetworkTensors, note);
            if (epoch.Top1Used > State.Progress.BestTop1 || !File.Exists(_directory.BestFile))
            {
                State.Progress.BestTop1 = epoch.Top1Used ?? 0;
                TensorFile.Write(_directory.BestFile, State.NetworkTensors, note);
            }
        }

        State.Save(_directory.CheckpointFile); // last: what it says is done must be on the disk
    }

    private Dictionary<string, string> Note(EpochResult epoch) =>
        new(StringComparer.Ordinal)
        {
            ["architecture"] = _record.Network.Architecture,
            ["epoch"] = epoch.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["weights"] = State.Average is null ? "trained" : $"averaged ({_record.Recipe.Averaging.Kind})",
            ["heldOutTop1"] = epoch.Top1Used is { } top1 ? $"{top1:F4}" : "not measured",
        };
}
