namespace Saccade.Inference.Decoding;

/// <summary>
/// What an encoded image says about itself, read by walking its structure to the end without decoding a pixel. The walk is
/// ours so that limits hold before any library sees the bytes, and so that a cut-off file is refused alike by every decoder:
/// several return a half-grey image for one without complaint.
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

    /// <summary>Whether a JPEG frame is progressive: its decoder keeps every coefficient until the last scan.</summary>
    public bool Progressive { get; init; }

    /// <summary>A JPEG file's markers differ from the standard in ways that <see cref="JpegHeaderRepair"/> mends.</summary>
    public bool NeedsRepair { get; init; }

    /// <summary>Where the data of a WebP file's image are; empty when it has none.</summary>
    public Range Image { get; init; }

    /// <summary>Whether a WebP file's image is lossless (VP8L).</summary>
    public bool Lossless { get; init; }

    /// <summary>Whether a WebP file's image was met.</summary>
    public bool HasImage => !Image.Equals(default);

    /// <summary>The first valid orientation of the file's EXIF blocks; null when it has none.</summary>
    public Orientation? Orientation { get; init; }

    /// <summary>What is wrong with the structure, as one sentence for the client; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>The problem is not damage but a kind of file that is not read.</summary>
    public bool Unsupported { get; init; }

    /// <summary>Reads the header.</summary>
    /// <returns>Null when the bytes start like none of the formats.</returns>
    public static ImageHeader? Read(ReadOnlySpan<byte> encoded)
    {
        if (encoded.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return JpegStructure.Read(encoded);
        }

        if (encoded.StartsWith(PngStructure.Signature))
        {
            return PngStructure.Read(encoded);
        }

        bool isWebP = encoded.Length >= 12 && encoded.StartsWith("RIFF"u8) && encoded[8..].StartsWith("WEBP"u8);
        return isWebP ? WebPStructure.Read(encoded) : null;
    }
}
