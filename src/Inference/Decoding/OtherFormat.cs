namespace Saccade.Inference.Decoding;

/// <summary>Recognises formats that are refused, so that the refusal can name them.</summary>
internal static class OtherFormat
{
    /// <summary>The format's name; null when the first bytes are unknown.</summary>
    public static string? Name(ReadOnlySpan<byte> encoded)
    {
        if (encoded.StartsWith("GIF87a"u8) || encoded.StartsWith("GIF89a"u8))
        {
            return "GIF";
        }

        if (encoded.StartsWith("BM"u8))
        {
            return "BMP";
        }

        if (encoded.StartsWith("II*\0"u8) || encoded.StartsWith("MM\0*"u8))
        {
            return "TIFF";
        }

        if (encoded.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || encoded.StartsWith("\0\0\0\u000CJXL "u8))
        {
            return "JPEG XL";
        }

        ReadOnlySpan<byte> brand = encoded.Length >= 12 && encoded[4..].StartsWith("ftyp"u8) ? encoded[8..12] : default;
        return brand.StartsWith("avi"u8) ? "AVIF"
            : brand.StartsWith("hei"u8) || brand.StartsWith("mif1"u8) ? "HEIC"
            : null;
    }
}
