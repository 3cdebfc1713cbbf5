namespace Saccade.Inference.Models;

/// <summary>
/// Something that is done once before the service is ready, so that the first client does not pay for it: the part of the way to an answer
/// that whoever registers it knows. What is answered meanwhile is counted nowhere. A warm-up that fails is told in the log and keeps
/// nothing from starting.
/// </summary>
/// <param name="cancellationToken">The service stops before it has started.</param>
public delegate Task WarmUp(CancellationToken cancellationToken);
