namespace Saccade.Inference.Bundles;

/// <summary>The exported graph against the trained network, on the same tensors.</summary>
/// <param name="MaxAbsLogitDifference">Largest absolute difference of a logit.</param>
/// <param name="Images">Number of images compared.</param>
/// <param name="Top1Agreement">
/// Share of <paramref name="Top1Images"/> for which both name the same class first, 0 to 1; null for 32-bit floats, which agree to the
/// digit.
/// </param>
/// <param name="Top1Images">Number of images whose first class was compared.</param>
/// <param name="LogitSpread">Largest less smallest logit of the trained network on these images: what the difference is judged by; null in
/// manifests of version 0.1.</param>
/// <param name="Probe">What the trained network answers to images that anyone can make again; null where <c>probe.json</c>
/// has it.</param>
public sealed record ManifestParity(
    double MaxAbsLogitDifference,
    int Images,
    double? Top1Agreement = null,
    int? Top1Images = null,
    double? LogitSpread = null,
    ParityProbe? Probe = null
);
