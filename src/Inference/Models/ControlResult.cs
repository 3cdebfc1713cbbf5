namespace Saccade.Inference.Models;

/// <summary>What came of a wish to load or unload.</summary>
/// <param name="Outcome">Whether it was fulfilled.</param>
/// <param name="Detail">Why not, in one sentence without paths; null when it was.</param>
public sealed record ControlResult(ControlOutcome Outcome, string? Detail = null);

/// <summary>What came of a wish to load or unload.</summary>
public enum ControlOutcome
{
    /// <summary>It is so.</summary>
    Done,

    /// <summary>No model, or no version of it, has the name.</summary>
    UnknownModel,

    /// <summary>The bundle cannot be served; what served before goes on.</summary>
    Refused,

    /// <summary>The service is stopping and changes nothing any more.</summary>
    ShuttingDown,
}
