namespace Saccade.Bench.Swaps;

/// <summary>What <c>swaps</c> is asked to do.</summary>
/// <param name="Bundle">Folder of the model; null for one with random weights.</param>
/// <param name="Architecture">Network of that one.</param>
/// <param name="Swaps">How often the model is loaded anew.</param>
/// <param name="Clients">Requests under way meanwhile.</param>
/// <param name="MostGrowth">MiB by which the service's memory may have grown from the second fifth of the swaps to the last.</param>
/// <param name="Published">Folder of a published service; null to publish it now.</param>
/// <param name="Markdown">Where to write the tables; null for nowhere.</param>
internal sealed record SwapsOptions(
    string? Bundle,
    string Architecture,
    int Swaps,
    int Clients,
    double MostGrowth,
    string? Published,
    string? Markdown
);
