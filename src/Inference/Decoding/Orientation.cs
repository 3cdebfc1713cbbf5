namespace Saccade.Inference.Decoding;

/// <summary>EXIF tag 0x0112: how the stored rows and columns lie in the image as it was seen (CIPA DC-008, 4.6.5).</summary>
internal enum Orientation
{
    Normal = 1,
    MirroredHorizontally = 2,
    Rotated180 = 3,
    MirroredVertically = 4,
    Transposed = 5,
    RotatedRight = 6,
    Transversed = 7,
    RotatedLeft = 8,
}
