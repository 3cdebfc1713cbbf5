namespace Saccade.Bench.Cache;

/// <summary>What <c>cache</c> is asked to do.</summary>
/// <param name="Architecture">Network, with random weights.</param>
/// <param name="Repeats">Part of the requests that are for a popular image, 0…1.</param>
/// <param name="Popular">How many such images there are.</param>
/// <param name="Stretch">Length of each stretch of load.</param>
/// <param name="Rounds">How often everything is measured.</param>
/// <param name="Published">Folder of a published service; null to publish it now.</param>
/// <param name="Markdown">Where to write the table; null for nowhere.</param>
internal sealed record CacheBenchOptions(
    string Architecture,
    double Repeats,
    int Popular,
    TimeSpan Stretch,
    int Rounds,
    string? Published,
    string? Markdown
);
