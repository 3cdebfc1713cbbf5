namespace Saccade.Training.Recipes;

/// <summary>The learning rate as a pure function of the step.</summary>
public sealed class LearningRateSchedule
{
    private readonly Recipe _recipe;
    private readonly long _stepsPerEpoch;

    /// <summary>Fixes the length of an epoch.</summary>
    /// <param name="recipe">Rate, warm-up, kind and length.</param>
    /// <param name="stepsPerEpoch">At least 1.</param>
    public LearningRateSchedule(Recipe recipe, long stepsPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        _recipe = recipe;
        _stepsPerEpoch = stepsPerEpoch;
    }

    /// <summary>The rate of a step.</summary>
    /// <param name="step">Counted from 0 over the whole run.</param>
    public double At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        var warmUp = _recipe.WarmUpEpochs * _stepsPerEpoch;
        if (step < warmUp)
            return _recipe.LearningRate * Math.Min(1, (step + 1) / warmUp);

        return _recipe.LearningRate * _recipe.Schedule switch
        {
            ScheduleKind.Step => Math.Pow(_recipe.StepFactor, Math.Floor(step / (_recipe.StepEpochs * _stepsPerEpoch))),
            ScheduleKind.Cosine => Cosine(step, warmUp),
            _ => throw new InvalidOperationException($"Unknown schedule {_recipe.Schedule}."),
        };
    }

    private double Cosine(long step, double warmUp)
    {
        // The last step still learns: zero would be reached one step after it.
        var length = Math.Max(1, ((double)_recipe.Epochs * _stepsPerEpoch) - warmUp);
        return 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, (step - warmUp) / length)));
    }
}
