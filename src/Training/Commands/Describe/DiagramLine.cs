namespace Saccade.Training.Commands.Describe;

/// <summary>A line of a diagram, from what is read to what reads it.</summary>
/// <param name="Corners">Its points in pixels; all its parts are upright or level.</param>
/// <param name="Arrow">Whether it ends at a box; otherwise it goes on inside a module.</param>
internal sealed record DiagramLine(IReadOnlyList<(double X, double Y)> Corners, bool Arrow = true);
