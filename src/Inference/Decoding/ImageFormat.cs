namespace Saccade.Inference.Decoding;

/// <summary>The formats that are read, told by their first bytes and never by a file name or a content type.</summary>
internal enum ImageFormat
{
    Jpeg,
    Png,
    WebP,
}
