namespace Saccade.Training.Checkpoints;

/// <summary>What a run learns from.</summary>
/// <param name="Path">As given on the command line.</param>
/// <param name="Split">How training and held-out part were told apart, in words; belongs beside every figure.</param>
/// <param name="TrainImages">Pictures trained on.</param>
/// <param name="HeldOutImages">Pictures evaluated on.</param>
/// <param name="Limit">Most pictures taken of each part, the first ones; null means all.</param>
public sealed record RunData(string Path, string Split, int TrainImages, int HeldOutImages, int? Limit = null);
