using Saccade.Inference.Bundles;

namespace Saccade.Inference.Models;

/// <summary>The room that a request asks for.</summary>
/// <param name="Crops">How many crops at most, at least 1.</param>
/// <param name="DueAt">When the last must be done, as a timestamp.</param>
/// <param name="Priority">Larger goes first.</param>
/// <param name="Plan">The plan that they are of; null for tensors, which are of none.</param>
/// <param name="Features">Whether features are wanted beside the logits.</param>
internal readonly record struct RoomDemand(int Crops, long DueAt, int Priority, CropMode? Plan = null, bool Features = false);
