namespace Saccade.Training.Experiments;

/// <summary>What an experiment may cost.</summary>
/// <param name="Epochs">Passes of every run.</param>
/// <param name="Images">Training images, and held-out ones at most: the first of each part.</param>
/// <param name="Seeds">Runs of every variant, of seeds 1, 2, ….</param>
/// <param name="Threads">Threads that compute, of each replica.</param>
/// <param name="Width">Channel multiplier in place of the experiment's; null keeps it.</param>
/// <param name="Input">Rows and columns of the input in place of those that all variants share; null keeps them.</param>
public sealed record ExperimentBudget(int Epochs, int Images, int Seeds, int Threads, double? Width = null, int? Input = null);
