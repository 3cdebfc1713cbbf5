namespace Saccade.Inference.Looks;

/// <summary>One look, as the part of the picture that it showed: in pixels of the picture as it was sent, upright, from its top left corner.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Columns; fractions because the window was cut from the resized picture.</param>
/// <param name="Height">Rows.</param>
/// <param name="Mirrored">Left and right were exchanged.</param>
/// <param name="Times">How often the look counts in the answer.</param>
public sealed record LookWindow(double X, double Y, double Width, double Height, bool Mirrored, int Times);

/// <summary>Where a model looked.</summary>
/// <param name="Member">Which model.</param>
/// <param name="Windows">In the order in which they were looked at, each once.</param>
public sealed record MemberWindows(string Member, IReadOnlyList<LookWindow> Windows);
