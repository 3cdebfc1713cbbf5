namespace Saccade.Training.Experiments;

/// <summary>How an experiment's runs are made: by the ordinary <c>train</c>.</summary>
/// <param name="Train">Trains by <c>train</c>'s arguments, or goes on with such a run when told so, and gives the exit code.</param>
/// <param name="Check">Gives 0, or throws if the finished run that the arguments name was made by other settings.</param>
public sealed record ExperimentTraining(Func<IReadOnlyList<string>, bool, int> Train, Func<IReadOnlyList<string>, int> Check);
