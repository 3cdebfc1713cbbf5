namespace Saccade.Inference.Decoding;

/// <summary>
/// What an encoded image says about itself, read by walking its structure to the end without decoding a pixel. The walk is
/// ours so that limits hold before any library sees the bytes, and so that a cut-off file is refused alike by every decoder:
/// several return a half-grey picture for one without complaint.
/// </summary>
internal readonly record struct ImageHeader
{
    public ImageFormat Format { get; init; }

    /// <summary>Stored columns, before orientation; 0 when unknown.</summary>
    public int Width { get; init; }

    /// <summary>Stored rows, before orientation; 0 when unknown.</summary>
    public int Height { get; init; }

    /// <summary>Colour components of a JPEG frame: 1 grey, 3 colour, 4 CMYK or YCCK.</summary>
    public int Components { get; init; }

    public Orientation Orientation { get; init; }

    /// <summary>What is wrong with the structure, as one sentence for the client; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>The problem is not damage but a kind of file that is not read.</summary>
    public bool Unsupported { get; init; }

    /// <summary>Reads the header.</summary>
    /// <returns>Null when the bytes start like none of the formats.</returns>
    public static ImageHeader? Read(ReadOnlySpan<byte> encoded) => Sniff(encoded) switch
    {
        ImageFormat.Jpeg => JpegStructure.Read(encoded),
        ImageFormat.Png => PngStructure.Read(encoded),
        ImageFormat.WebP => WebPStructure.Read(encoded),
        _ => null,
    };

    private static ImageFormat? Sniff(ReadOnlySpan<byte> encoded)
    {
        if (encoded.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return ImageFormat.Jpeg;
        }

        if (encoded.StartsWith(PngStructure.Signature))
        {
            return ImageFormat.Png;
        }

        return encoded.Length >= 12 && encoded.StartsWith("RIFF"u8) && encoded[8..].StartsWith("WEBP"u8) ? ImageFormat.WebP : null;
    }
}
