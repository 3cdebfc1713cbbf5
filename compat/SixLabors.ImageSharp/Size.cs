namespace SixLabors.ImageSharp;

/// <summary>Width and height in pixels.</summary>
public readonly record struct Size(int Width, int Height);
