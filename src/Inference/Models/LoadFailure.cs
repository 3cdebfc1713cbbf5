namespace Saccade.Inference.Models;

/// <summary>Why a version was not loaded.</summary>
/// <param name="Reason">One sentence without paths.</param>
/// <param name="IsLasting">
/// Whether the files themselves are to blame: then nothing changes before they do. Anything else is tried again.
/// </param>
internal sealed record LoadFailure(string Reason, bool IsLasting);
