namespace Saccade.Inference.Bundles;

/// <summary>The output of the layer before the classifier, for whoever compares images rather than names them.</summary>
/// <param name="Output">Its name in the graph, shape [N, size].</param>
/// <param name="Size">Numbers for one crop.</param>
public sealed record ManifestFeatures(string Output, int Size);
