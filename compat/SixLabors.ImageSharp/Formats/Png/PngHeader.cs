using System.Buffers.Binary;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The IHDR chunk.</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, PngColorType ColorType, bool Interlaced)
{
    /// <summary>Samples in a pixel.</summary>
    public int Channels => ColorType switch
    {
        PngColorType.Rgb => 3,
        PngColorType.GrayscaleWithAlpha => 2,
        PngColorType.RgbWithAlpha => 4,
        _ => 1,
    };

    public int BitsPerPixel => Channels * BitDepth;

    public static bool Matches(ReadOnlySpan<byte> bytes) => bytes.StartsWith(PngChunks.Signature);

    public static ImageInfo Identify(ReadOnlySpan<byte> bytes, DecoderOptions options)
    {
        PngHeader? header = null;
        var metadata = new ImageMetadata();
        var chunks = new PngChunks(bytes);
        while (chunks.MoveNext() && !chunks.Is("IEND"u8))
        {
            header ??= chunks.Is("IHDR"u8) ? Parse(chunks.Data) : null;
            if (chunks.Is("eXIf"u8) && !options.SkipMetadata)
            {
                metadata.ExifProfile = new ExifProfile(chunks.Data.ToArray());
            }
        }

        return header is { } found
            ? new ImageInfo(new PixelTypeInfo(found.BitsPerPixel), new Size(found.Width, found.Height), metadata)
            : throw MustComeFirst();
    }

    public static PngHeader Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length < 13)
        {
            throw new InvalidImageContentException("The PNG header chunk is too short.");
        }

        var header = new PngHeader(
            BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]), data[8], (PngColorType)data[9], data[12] == 1);
        if (header.Width <= 0 || header.Height <= 0)
        {
            throw new InvalidImageContentException($"Invalid PNG dimensions: {header.Width} × {header.Height}.");
        }

        bool depthKnown = header.ColorType switch
        {
            PngColorType.Grayscale => header.BitDepth is 1 or 2 or 4 or 8 or 16,
            PngColorType.Palette => header.BitDepth is 1 or 2 or 4 or 8,
            PngColorType.Rgb or PngColorType.GrayscaleWithAlpha or PngColorType.RgbWithAlpha => header.BitDepth is 8 or 16,
            _ => throw new NotSupportedException($"Invalid or unsupported PNG color type {data[9]}."),
        };

        return depthKnown && data[11] == 0 && data[12] <= 1
            ? header
            : throw new NotSupportedException($"Invalid or unsupported PNG bit depth {data[8]}, filter method {data[11]} or interlace method {data[12]}.");
    }

    public static InvalidImageContentException MustComeFirst()
        => new("PNG Image must contain a header chunk and it must be located before any other chunks.");
}
