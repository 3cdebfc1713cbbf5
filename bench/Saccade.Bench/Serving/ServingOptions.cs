namespace Saccade.Bench.Serving;

/// <summary>What the measurement does.</summary>
/// <param name="Bundle">Folder of the model; null means random weights for <paramref name="Architecture"/>.</param>
/// <param name="Architecture">Preset name.</param>
/// <param name="Also">Folders of further models, compared with the peers as the first is.</param>
/// <param name="Image">Path of the image; null means the synthetic 500 × 375 JPEG.</param>
/// <param name="Clients">Concurrency levels of the closed loop.</param>
/// <param name="Batches">Batch sizes tried for the ceiling.</param>
/// <param name="Shares">Open-loop rates as parts of the peak.</param>
/// <param name="Overloads">Overload rates as multiples of the peak.</param>
/// <param name="BoundFactor">The bound on the 99th percentile, in median latencies of as many clients as cores.</param>
/// <param name="PeersFolder">Folder of the peers.</param>
/// <param name="PeerClients">Concurrency levels for peers and further models.</param>
/// <param name="Parts">What is measured beside ceiling and closed loop.</param>
/// <param name="Stretch">Length of each measured stretch.</param>
/// <param name="Rounds">How often everything is measured.</param>
/// <param name="Published">Folder of an already published service; null publishes it first.</param>
/// <param name="Settings">Settings of the service, each <c>Name=value</c>.</param>
/// <param name="Out">Folder for tables, plots and JSON; null for nowhere.</param>
internal sealed record ServingOptions(
    string? Bundle,
    string Architecture,
    IReadOnlyList<string> Also,
    string? Image,
    IReadOnlyList<int> Clients,
    IReadOnlyList<int> Batches,
    IReadOnlyList<double> Shares,
    IReadOnlyList<double> Overloads,
    double BoundFactor,
    string PeersFolder,
    IReadOnlyList<int> PeerClients,
    IReadOnlyList<ServingPart> Parts,
    TimeSpan Stretch,
    int Rounds,
    string? Published,
    IReadOnlyList<string> Settings,
    string? Out
);
