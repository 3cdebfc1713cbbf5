namespace Saccade.Inference.Scheduling;

/// <summary>What a queue is made from.</summary>
/// <param name="Capacity">Most crops that wait, those with reserved room included.</param>
/// <param name="PriorityStep">What one step of priority is worth: see <see cref="Urgency"/>.</param>
/// <param name="LatencyObjective">See <see cref="ObjectiveRule"/>; null for none.</param>
internal sealed record QueueSetup(int Capacity, TimeSpan PriorityStep, TimeSpan? LatencyObjective = null);
