namespace Saccade.Bench.Soak;

/// <summary>What <c>soak</c> is asked to do.</summary>
/// <param name="Minutes">How long.</param>
/// <param name="Clients">Clients that send what a service is for.</param>
/// <param name="Hostile">Clients that send what it has to refuse.</param>
/// <param name="Hasty">Clients that hang up before the answer.</param>
/// <param name="SwapSeconds">Time between two loads of the default model; 0 for none.</param>
/// <param name="MostGrowth">MiB an hour by which the service's memory may grow.</param>
/// <param name="Models">Folder of the models.</param>
/// <param name="Published">Folder of a published service; null to publish it now.</param>
/// <param name="Markdown">Where to write the tables; null for nowhere.</param>
internal sealed record SoakOptions(
    double Minutes,
    int Clients,
    int Hostile,
    int Hasty,
    double SwapSeconds,
    double MostGrowth,
    string Models,
    string? Published,
    string? Markdown
);
