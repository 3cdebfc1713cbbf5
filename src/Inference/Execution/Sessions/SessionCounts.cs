namespace Saccade.Inference.Execution.Sessions;

/// <summary>How the runs that a model can make at once are doing.</summary>
/// <param name="Total">Runs possible at once.</param>
/// <param name="Busy">Of those, running a batch now.</param>
/// <param name="Healthy">Of those, able to take a batch.</param>
public readonly record struct SessionCounts(int Total, int Busy, int Healthy);
