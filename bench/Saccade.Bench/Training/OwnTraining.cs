using Saccade.Training;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Loop;
using TorchSharp;

namespace Saccade.Bench.Training;

/// <summary>Steps of the tool's own trainer on one batch over and over, from pixels in memory to moved weights.</summary>
internal sealed class OwnTraining : IDisposable
{
    private readonly TrainingState _state;
    private readonly TrainingStep _training;
    private readonly Batch _batch;
    private long _step;

    public OwnTraining(RunRecord record, TrainingOptions options)
    {
        torch.set_num_threads(options.Threads);
        _training = new TrainingStep(record);
        _state = TrainingState.Create(record, stepsPerEpoch: 1);
        _state.Network.train();
        _batch = new Batch(options.Batch, 3 * options.Input * options.Input);
        var random = SplitMix64.At(1);
        foreach (ref var pixel in _batch.Pixels)
            pixel = (float)random.NextDouble(-2, 2);
        foreach (ref var label in _batch.Labels.AsSpan())
            label = random.Next(options.Classes);
    }

    /// <summary>Trains some steps.</summary>
    public Stretch Run(int steps)
    {
        var (start, processor) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
        for (var step = 0; step < steps; step++)
        {
            _training.Gradients(_state.Network, _batch, Range.All, _step++);
            _state.Optimiser.Step(1e-3);
        }

        return new(TimeProvider.System.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch.Dispose();
        _state.Dispose();
    }
}
