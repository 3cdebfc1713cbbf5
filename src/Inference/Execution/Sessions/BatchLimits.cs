namespace Saccade.Inference.Execution.Sessions;

/// <summary>Batch sizes in force for one model on one device.</summary>
/// <param name="Maximum">Most crops in one run: the configured limit, or the graph's own if that is smaller.</param>
/// <param name="Preferred">Most crops the engine puts in one run; smaller than the maximum where larger batches measured no faster.</param>
public sealed record BatchLimits(int Maximum, int Preferred);
