namespace Saccade.Inference.Tests.Simulation;

/// <summary>A request to come.</summary>
/// <param name="At">When, in seconds from the start.</param>
/// <param name="Crops">How many crops.</param>
/// <param name="Allowed">Seconds to its deadline.</param>
internal readonly record struct Arrival(double At, int Crops, double Allowed);
