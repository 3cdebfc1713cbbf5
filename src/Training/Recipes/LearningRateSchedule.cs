namespace Saccade.Training.Recipes;

/// <summary>The learning rate as a pure function of the step.</summary>
public sealed class LearningRateSchedule
{
    private const double PolynomialPower = 0.5;

    private readonly Recipe _recipe;
    private readonly long _stepsPerEpoch;
    private readonly double _stepsPerDecay;

    /// <summary>Fixes the length of an epoch.</summary>
    /// <param name="recipe">Rate, warm-up, kind and length.</param>
    /// <param name="stepsPerEpoch">At least 1.</param>
    /// <param name="imagesPerEpoch">Turns a period given in images into steps; at least 1.</param>
    public LearningRateSchedule(Recipe recipe, long stepsPerEpoch, long imagesPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(imagesPerEpoch, 1);
        _recipe = recipe;
        _stepsPerEpoch = stepsPerEpoch;
        _stepsPerDecay = stepsPerEpoch * (recipe.StepImages / (double)imagesPerEpoch ?? recipe.StepEpochs);
    }

    /// <summary>The rate of a step.</summary>
    /// <param name="step">Counted from 0 over the whole run.</param>
    public double At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        var warmUp = _recipe.WarmUpEpochs * _stepsPerEpoch;
        if (step < warmUp)
            return _recipe.LearningRate * Math.Min(1, (step + 1) / warmUp);

        return _recipe.LearningRate
            * _recipe.Schedule switch
            {
                ScheduleKind.Step => Math.Pow(_recipe.StepFactor, Math.Floor(step / _stepsPerDecay)),
                ScheduleKind.Exponential => Math.Pow(_recipe.StepFactor, step / _stepsPerDecay),
                ScheduleKind.Cosine => 0.5 * (1 + Math.Cos(Math.PI * Done(step, warmUp))),
                ScheduleKind.Polynomial => Math.Pow(1 - Done(step, warmUp), PolynomialPower),
                ScheduleKind.Linear => 1 - Done(step, warmUp),
                _ => throw new InvalidOperationException($"Unknown schedule {_recipe.Schedule}."),
            };
    }

    // The last step still learns: one would be reached one step after it.
    private double Done(long step, double warmUp)
    {
        var length = Math.Max(1, ((double)_recipe.Epochs * _stepsPerEpoch) - warmUp);
        return Math.Min(1, (step - warmUp) / length);
    }
}
