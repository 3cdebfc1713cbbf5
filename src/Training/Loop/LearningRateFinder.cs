using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Modules;
using TorchSharp;

namespace Saccade.Training.Loop;

/// <summary>
/// The learning rate range test (Smith 2017): steps at ever larger rates, and the loss at each. Where it has stopped falling the rate is
/// too large; a tenth of the rate with the lowest loss is a good start.
/// </summary>
internal sealed class LearningRateFinder
{
    private const double Smallest = 1e-6;
    private const double Largest = 10;
    private const double Smoothing = 0.9;
    private const double Diverged = 3;

    private readonly RunRecord _record;
    private readonly DataSet _data;
    private readonly TimeProvider _clock;

    /// <summary>Prepares a test of a run that has not begun.</summary>
    /// <param name="record">The run.</param>
    /// <param name="data">Its images.</param>
    /// <param name="clock">Measures the loader's waiting.</param>
    public LearningRateFinder(RunRecord record, DataSet data, TimeProvider clock) => (_record, _data, _clock) = (record, data, clock);

    /// <summary>Trains a network of its own, from one batch to the next, until the loss is three times its lowest or the largest rate is
    /// reached.</summary>
    /// <param name="steps">Steps from the smallest rate to the largest.</param>
    /// <param name="device">What computes.</param>
    /// <param name="initialise">Gives the network other weights than random ones.</param>
    /// <param name="teachers">What the network learns from beside the labels; null for the labels alone.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The rates, and the mean loss at each, smoothed over some ten steps.</returns>
    public IReadOnlyList<RateTrial> Run(
        int steps,
        torch.Device? device,
        Action<NetworkModule>? initialise,
        Teachers? teachers,
        CancellationToken cancellation
    )
    {
        torch.set_num_threads(_record.Threads);
        EpochBatches batches = new(_record, _data.Train, _record.Recipe.BatchSize, _clock);
        using var state = TrainingState.Create(_record, batches.Plan.Count, device, initialise);
        TrainingStep training = new(
            _record,
            ClassWeights.Of(_record.Recipe.ClassWeights, _data.Train, _data.Labels.Count),
            teachers: teachers
        );
        state.Network.train();
        state.Network.Freeze(_record.Recipe.IsFrozenIn(0) ? FrozenLayers.Of(state.Network.Network, _record.Recipe.Freeze) : []);

        List<RateTrial> trials = [];
        var (mean, lowest) = (0.0, double.PositiveInfinity);
        foreach (
            var (step, loaded) in Enumerable
                .Range(0, int.MaxValue)
                .SelectMany(epoch => batches.Read(epoch, 0, _record.Threads + 1, _record.Threads))
                .Index()
        )
        {
            using var batch = loaded;
            if (step == steps || cancellation.IsCancellationRequested)
                break;
            var rate = Smallest * Math.Pow(Largest / Smallest, step / (steps - 1.0));
            mean = (Smoothing * mean) + ((1 - Smoothing) * training.Gradients(state.Network, batch, Range.All, step));
            var smoothed = mean / (1 - Math.Pow(Smoothing, step + 1)); // as Adam's: without it the start pulls to 0
            if (!double.IsFinite(smoothed) || smoothed > Diverged * lowest)
                break;
            lowest = Math.Min(lowest, smoothed);
            trials.Add(new(rate, smoothed));
            state.Optimiser.Step(rate);
        }

        return trials;
    }
}

/// <summary>A rate that was tried.</summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Loss">Smoothed training loss when its turn came.</param>
internal readonly record struct RateTrial(double Rate, double Loss);
