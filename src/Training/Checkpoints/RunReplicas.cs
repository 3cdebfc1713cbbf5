namespace Saccade.Training.Checkpoints;

/// <summary>The replicas of a run.</summary>
/// <param name="Count">At least 1.</param>
/// <param name="Mode">How they work together.</param>
public sealed record RunReplicas(int Count, ReplicaMode Mode);
