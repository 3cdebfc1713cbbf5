namespace Saccade.Bench.Report.Charts;

/// <summary>Points that belong together, in drawing order.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Points">Joined by a line.</param>
/// <param name="Dashed">Whether the line is broken.</param>
internal sealed record ChartLine(string Name, IReadOnlyList<ChartPoint> Points, bool Dashed = false);
