using Saccade.Training.Modules;

namespace Saccade.Training.Loop;

/// <summary>Plain training: one batch, one step, on the caller's thread.</summary>
internal sealed class SingleLoop(TrainingState state, TrainingStep training) : ITrainingMode
{
    /// <inheritdoc/>
    public int Takers => 1;

    /// <inheritdoc/>
    public IEnumerable<NetworkModule> Networks => [state.Network];

    /// <inheritdoc/>
    public void Run(BatchFeed feed, WeightUpdate update)
    {
        while (feed.Take() is var (step, batch))
        {
            using (batch)
                update.Apply(training.Gradients(state.Network, batch, Range.All, step), batch.Labels.Length);
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
