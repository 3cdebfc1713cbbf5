namespace Saccade.Inference.Bundles;

/// <summary>The exported graph against the trained network, on the same tensors.</summary>
/// <param name="MaxAbsLogitDifference">Largest absolute difference of a logit.</param>
/// <param name="Images">Number of images compared.</param>
/// <param name="Top1Agreement">
/// Share of <paramref name="Top1Images"/> for which both name the same class first, 0 to 1; null for 32-bit floats, which agree to the
/// digit.
/// </param>
/// <param name="Top1Images">Number of images whose first class was compared.</param>
/// <param name="Probe">What the trained network answers to images that anyone can make again; null where it was not kept.</param>
public sealed record ManifestParity(
    double MaxAbsLogitDifference,
    int Images,
    double? Top1Agreement = null,
    int? Top1Images = null,
    ParityProbe? Probe = null
);
