namespace Saccade.Bench.Throughput;

/// <summary>What the measurement does.</summary>
/// <param name="Bundle">Folder of the model; null means random weights for <paramref name="Architecture"/>.</param>
/// <param name="Architecture">Preset name.</param>
/// <param name="Picture">Path of the picture; null means the synthetic 500 × 375 JPEG.</param>
/// <param name="Clients">Concurrency levels of the load.</param>
/// <param name="Batches">Batch sizes tried for the ceiling.</param>
/// <param name="Stretch">Length of each measured stretch.</param>
/// <param name="Rounds">How often each stretch is measured; figures are medians.</param>
/// <param name="Published">Folder of an already published service; null publishes it first.</param>
/// <param name="Settings">Settings of the service, each <c>Name=value</c>.</param>
/// <param name="Json">Where the figures go as JSON; null for nowhere.</param>
/// <param name="Markdown">Where the tables go as Markdown; null for nowhere.</param>
internal sealed record ThroughputOptions(
    string? Bundle,
    string Architecture,
    string? Picture,
    IReadOnlyList<int> Clients,
    IReadOnlyList<int> Batches,
    TimeSpan Stretch,
    int Rounds,
    string? Published,
    IReadOnlyList<string> Settings,
    string? Json,
    string? Markdown);
