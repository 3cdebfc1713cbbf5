namespace Saccade.Inference.Cropping;

/// <summary>
/// A window on the image at one of the plan's sizes. A window larger than the input is resized to it; what lies beyond the image, where a
/// plan has padding, is its reflection.
/// </summary>
/// <param name="Scale">Index into <see cref="CropPlan.Scales"/>.</param>
/// <param name="X">Left column.</param>
/// <param name="Y">Top row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Mirrored">Left and right are exchanged after cropping.</param>
public readonly record struct Crop(int Scale, int X, int Y, int Width, int Height, bool Mirrored)
{
    /// <summary>The window.</summary>
    internal PixelRegion Window => new(X, Y, Width, Height);
}
