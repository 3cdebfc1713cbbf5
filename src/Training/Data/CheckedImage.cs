namespace Saccade.Training.Data;

/// <summary>What opening an image file showed.</summary>
/// <param name="Image">The file.</param>
/// <param name="Width">Pixels; 0 where it cannot be read.</param>
/// <param name="Height">Pixels; 0 where it cannot be read.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Hash">The first half of the SHA-256 of its bytes.</param>
/// <param name="Problem">Why it cannot be read, as the service would say; null where it can.</param>
internal sealed record CheckedImage(ListedImage Image, int Width, int Height, long Bytes, UInt128 Hash, string? Problem = null);
