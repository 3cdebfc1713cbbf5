namespace Saccade.Training.Checkpoints;

/// <summary>A run was given more epochs than it was meant to have; its schedule was stretched to them.</summary>
/// <param name="Epochs">How many it was meant to have until then.</param>
/// <param name="Step">The step from which the schedule of more epochs counts.</param>
public sealed record RunExtension(int Epochs, long Step);
