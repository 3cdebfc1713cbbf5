using Saccade.Training.Checkpoints;

namespace Saccade.Training.Loop;

/// <summary>Plain training: one batch, one step, on the caller's thread.</summary>
internal sealed class SingleLoop(TrainingState state, RunRecord record) : ITrainingMode
{
    /// <inheritdoc/>
    public int Takers => 1;

    /// <inheritdoc/>
    public void Run(BatchFeed feed, WeightUpdate update)
    {
        while (feed.Take() is var (step, batch))
        {
            using (batch)
            {
                var seed = TrainingStep.DropoutSeed(record.Seed, step);
                update.Apply(TrainingStep.Gradients(state.Network, batch, Range.All, record.Recipe, seed), batch.Labels.Length);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
