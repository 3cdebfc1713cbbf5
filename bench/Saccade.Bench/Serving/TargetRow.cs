namespace Saccade.Bench.Serving;

/// <summary>A figure that the service is to reach.</summary>
/// <param name="What">In words.</param>
/// <param name="Target">In words.</param>
/// <param name="Measured">In words.</param>
/// <param name="Met">Whether it was reached.</param>
internal sealed record TargetRow(string What, string Target, string Measured, bool Met);
