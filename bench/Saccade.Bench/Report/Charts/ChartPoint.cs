namespace Saccade.Bench.Report.Charts;

/// <summary>A point of a chart.</summary>
/// <param name="X">Along the linear axis, 0 or more.</param>
/// <param name="Y">Along the logarithmic axis, above 0.</param>
/// <param name="Label">Written beside it; empty for none.</param>
internal readonly record struct ChartPoint(double X, double Y, string Label = "");
