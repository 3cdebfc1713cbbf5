using Saccade.Inference.Bundles;

namespace Saccade.Inference.Models;

/// <summary>What an ensemble is made of, as shown to operators.</summary>
/// <param name="Members">In their order.</param>
/// <param name="WhenMissing">What becomes of a request when one of them cannot answer.</param>
/// <param name="Labels">Class names by index; null until a member is loaded.</param>
/// <param name="CropModes">What every member can be asked for.</param>
/// <param name="EarlyExit">The rounds of <c>auto</c>.</param>
/// <param name="Accuracy">Measured accuracy; null when it was never measured.</param>
public sealed record EnsembleStatus(
    IReadOnlyList<MemberStatus> Members,
    WhenMissing WhenMissing,
    IReadOnlyList<string>? Labels,
    IReadOnlyList<CropMode> CropModes,
    EarlyExitPolicy EarlyExit,
    ManifestAccuracy? Accuracy
);

/// <summary>A member of an ensemble.</summary>
/// <param name="Name">What it is called in answers.</param>
/// <param name="Version">The version that answers at the moment; null if none does.</param>
/// <param name="Weight">How much its answer counts beside the others'.</param>
/// <param name="State">Where it is in its life; failed if it is not there.</param>
public sealed record MemberStatus(string Name, string? Version, double Weight, ModelState State);
