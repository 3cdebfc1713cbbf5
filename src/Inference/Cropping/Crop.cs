namespace Saccade.Inference.Cropping;

/// <summary>One look: an input-sized window on the picture at one of the plan's sizes.</summary>
/// <param name="Scale">Index into <see cref="CropPlan.Scales"/>.</param>
/// <param name="X">Left column.</param>
/// <param name="Y">Top row.</param>
/// <param name="Mirrored">Left and right are exchanged after cropping.</param>
public readonly record struct Crop(int Scale, int X, int Y, bool Mirrored);
