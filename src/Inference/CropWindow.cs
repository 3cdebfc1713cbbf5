namespace Saccade.Inference;

/// <summary>
/// One crop, as the part of the image that it showed: in pixels of the image as it was sent, upright, from its top left corner. Where a
/// plan has padding, it reaches beyond the image, whose reflection lies there.
/// </summary>
/// <param name="X">Left edge; below 0 where it reaches beyond the image.</param>
/// <param name="Y">Top edge; below 0 likewise.</param>
/// <param name="Width">Columns; fractions because the window was cut from the resized image.</param>
/// <param name="Height">Rows.</param>
/// <param name="Mirrored">Left and right were exchanged.</param>
/// <param name="Times">How often the crop counts in the answer.</param>
public sealed record CropWindow(double X, double Y, double Width, double Height, bool Mirrored, int Times);

/// <summary>The crops that a model was given.</summary>
/// <param name="Member">Which model.</param>
/// <param name="Windows">In the order in which they were computed, each once.</param>
public sealed record MemberWindows(string Member, IReadOnlyList<CropWindow> Windows);
