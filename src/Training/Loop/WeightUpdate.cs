using Saccade.Training.Recipes;

namespace Saccade.Training.Loop;

/// <summary>The one place where trained weights move: optimiser, average and position, whatever way the gradients came.</summary>
/// <param name="state">What moves. Its parameters hold the gradients.</param>
/// <param name="schedule">The learning rate.</param>
/// <param name="onUpdate">Told after every update.</param>
internal sealed class WeightUpdate(TrainingState state, LearningRateSchedule schedule, Action onUpdate)
{
    /// <summary>Makes one step. Not for several threads at once.</summary>
    /// <param name="loss">Mean loss of the images that gave the gradients.</param>
    /// <param name="images">How many they were.</param>
    /// <param name="staleness">Steps that others made since the weights were read.</param>
    /// <exception cref="InvalidDataException">The loss is no longer a number; nothing has moved.</exception>
    public void Apply(double loss, int images, long staleness = 0)
    {
        var progress = state.Progress;
        if (!double.IsFinite(loss))
            throw new InvalidDataException($"The loss is {loss} after step {progress.Step + 1}; a smaller --lr may help.");

        state.Optimiser.Step(schedule.At(progress.Step));
        state.Average?.Update(progress.Step);
        progress.Step++;
        progress.LossSum += loss * images;
        progress.Images += images;
        progress.StalenessSum += staleness;
        progress.StalenessMax = Math.Max(progress.StalenessMax, staleness);
        onUpdate();
    }
}
