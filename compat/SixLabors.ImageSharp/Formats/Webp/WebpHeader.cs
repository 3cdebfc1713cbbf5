using System.Buffers.Binary;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;

namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>What a WebP's chunks say without decoding.</summary>
internal readonly record struct WebpHeader(int Width, int Height, bool Alpha, bool Animated, ImageMetadata Metadata)
{
    private const int ContainerLength = 12;

    public static bool Matches(ReadOnlySpan<byte> bytes)
        => bytes.Length >= ContainerLength && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8);

    public static ImageInfo Identify(ReadOnlySpan<byte> bytes, DecoderOptions options)
    {
        WebpHeader header = Read(bytes, options);
        return new ImageInfo(new PixelTypeInfo(header.Alpha ? 32 : 24), new Size(header.Width, header.Height), header.Metadata);
    }

    public static WebpHeader Read(ReadOnlySpan<byte> bytes, DecoderOptions options)
    {
        WebpHeader? header = null;
        var metadata = new ImageMetadata();
        ReadOnlySpan<byte> rest = bytes[ContainerLength..];
        while (rest.Length >= 8)
        {
            ReadOnlySpan<byte> type = rest[..4];
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            rest = rest[8..];
            ReadOnlySpan<byte> data = rest[..(int)Math.Min(length, (uint)rest.Length)];
            if (header is null)
            {
                header = type switch
                {
                    _ when type.SequenceEqual("VP8 "u8) => ReadLossy(data),
                    _ when type.SequenceEqual("VP8L"u8) => ReadLossless(data),
                    _ when type.SequenceEqual("VP8X"u8) => ReadExtended(data),
                    _ => throw new ImageFormatException("Unrecognized VP8 header"),
                };
            }
            else if (type.SequenceEqual("EXIF"u8) && !options.SkipMetadata)
            {
                metadata.ExifProfile ??= new ExifProfile(data.ToArray());
            }

            rest = rest[(int)Math.Min((long)length + (length & 1), rest.Length)..];
        }

        return header is { } found
            ? found with { Metadata = metadata }
            : throw new ImageFormatException("Invalid Webp data, could not read chunk type.");
    }

    /// <summary>RFC 6386, section 9.1: a three-byte tag, three magic bytes, 14 bits each of width and height.</summary>
    private static WebpHeader ReadLossy(ReadOnlySpan<byte> data)
    {
        if (data.Length < 10 || (data[0] & 1) != 0 || !data[3..].StartsWith((ReadOnlySpan<byte>)[0x9d, 0x01, 0x2a]))
        {
            throw new ImageFormatException("VP8 magic bytes not found");
        }

        return Checked(
            BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3fff, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3fff, alpha: false, animated: false);
    }

    /// <summary>A signature byte, then 14 bits each of width and height less one, and a bit for alpha.</summary>
    private static WebpHeader ReadLossless(ReadOnlySpan<byte> data)
    {
        if (data.Length < 5 || data[0] != 0x2f)
        {
            throw new ImageFormatException("Invalid VP8L signature");
        }

        uint bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
        return Checked((int)(bits & 0x3fff) + 1, (int)((bits >> 14) & 0x3fff) + 1, alpha: true, animated: false);
    }

    /// <summary>A byte of flags, three reserved bytes, 24 bits each of width and height less one.</summary>
    private static WebpHeader ReadExtended(ReadOnlySpan<byte> data)
    {
        if (data.Length < 10)
        {
            throw new ImageFormatException("Invalid Webp data, could not read unsigned 24 bit integer.");
        }

        return Checked(UInt24(data[4..]) + 1, UInt24(data[7..]) + 1, (data[0] & 0x10) != 0, (data[0] & 0x02) != 0);
    }

    private static WebpHeader Checked(int width, int height, bool alpha, bool animated)
        => width > 0 && height > 0
            ? new WebpHeader(width, height, alpha, animated, new ImageMetadata())
            : throw new ImageFormatException("width or height can not be zero");

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
