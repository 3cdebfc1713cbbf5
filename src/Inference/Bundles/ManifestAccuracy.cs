namespace Saccade.Inference.Bundles;

/// <summary>Accuracy measured through ONNX Runtime with this bundle's own preprocessing.</summary>
/// <param name="DataSet">What was measured on, with the split said in words.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Top1ByCrops">Fraction of images whose best label is right, by crop count ("1", "10").</param>
public sealed record ManifestAccuracy(string DataSet, int Images, IReadOnlyDictionary<string, double> Top1ByCrops);
