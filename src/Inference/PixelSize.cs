namespace Saccade.Inference;

/// <summary>Columns and rows.</summary>
/// <param name="Width">Pixels, at least 1.</param>
/// <param name="Height">Pixels, at least 1.</param>
public readonly record struct PixelSize(int Width, int Height);
