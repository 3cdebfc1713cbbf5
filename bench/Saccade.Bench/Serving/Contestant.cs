namespace Saccade.Bench.Serving;

/// <summary>A server or bundle under the same few loads as the others.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Stretches">By number of clients; empty for what can't run here.</param>
/// <param name="Absent">Why it can't; null when it ran.</param>
internal sealed record Contestant(string Name, IReadOnlyList<ServedFigures> Stretches, string? Absent = null);
