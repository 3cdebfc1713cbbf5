namespace Saccade.Bench.Crops;

/// <summary>What the measurement does.</summary>
/// <param name="Architecture">Preset name of the network, full width, random weights.</param>
/// <param name="Crops">Crops of a request.</param>
/// <param name="Batches">Batch sizes tried for ONNX Runtime alone.</param>
/// <param name="Stretch">How long ONNX Runtime alone is measured in each round.</param>
/// <param name="Rounds">How often everything is measured; figures are medians.</param>
/// <param name="Published">Folder of an already published service; null publishes it first.</param>
internal sealed record CropsOptions(
    string Architecture,
    int Crops,
    IReadOnlyList<int> Batches,
    TimeSpan Stretch,
    int Rounds,
    string? Published
);
