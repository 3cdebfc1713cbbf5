using System.Buffers.Binary;

namespace Saccade.Inference.Decoding;

/// <summary>Walks the chunks of a still WebP file (RFC 9649, section 2).</summary>
internal static class WebPStructure
{
    private const int RiffHeader = 12;
    private const int ChunkHeader = 8;
    private const string TooShort = "A chunk of the WebP file is too short.";

    public static ImageHeader Read(ReadOnlySpan<byte> webp)
    {
        var header = new ImageHeader { Format = ImageFormat.WebP };
        uint declared = BinaryPrimitives.ReadUInt32LittleEndian(webp[4..]);
        bool cutOff = declared > (uint)(webp.Length - ChunkHeader);
        int end = cutOff || declared < 4 ? webp.Length : (int)declared + ChunkHeader;
        int position = RiffHeader;
        while (end - position >= ChunkHeader)
        {
            ReadOnlySpan<byte> type = webp.Slice(position, 4);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(webp[(position + 4)..]);
            position += ChunkHeader;
            int present = (int)Math.Min(length, (uint)(end - position));
            ReadOnlySpan<byte> data = webp.Slice(position, present);
            bool isImage = type.SequenceEqual("VP8 "u8) || type.SequenceEqual("VP8L"u8);
            if (type.SequenceEqual("ANIM"u8) || type.SequenceEqual("ANMF"u8))
            {
                return header with { Problem = "Animated WebP is not read.", Unsupported = true };
            }

            if (isImage && header.HasImage)
            {
                return header with { Problem = "The WebP file holds two images." };
            }

            if (isImage || type.SequenceEqual("VP8X"u8))
            {
                (int Width, int Height)? size = ReadSize(type, data);
                if (size is null)
                {
                    return header with { Problem = TooShort };
                }

                // The canvas of an extended file must be the image, or the limits would be checked against the wrong one.
                if (header.Width != 0 && size != (header.Width, header.Height))
                {
                    return header with { Problem = "The WebP file declares two different sizes." };
                }

                header = header with { Width = size.Value.Width, Height = size.Value.Height };
                if (isImage)
                {
                    header = header with { Image = position..(position + present), Lossless = type[3] == (byte)'L' };
                }
            }
            else if (type.SequenceEqual("EXIF"u8))
            {
                header = header with { Orientation = header.Orientation ?? ExifOrientation.Find(data) };
            }

            cutOff |= present < length;
            position += Math.Min(end - position, present + (present & 1));
        }

        return (cutOff, header.HasImage) switch
        {
            (true, _) => header with { Problem = "The WebP file is cut off: it is shorter than it declares." },
            (_, false) => header with { Problem = "The WebP file contains no image." },
            _ => header,
        };
    }

    private static (int Width, int Height)? ReadSize(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        if (type.SequenceEqual("VP8X"u8))
        {
            return data.Length < 10 ? null : (1 + ReadUInt24(data[4..]), 1 + ReadUInt24(data[7..]));
        }

        if (type.SequenceEqual("VP8L"u8))
        {
            if (data.Length < 5 || data[0] != 0x2F)
            {
                return null;
            }

            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }

        if (data.Length < 10 || !data[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
        {
            return null;
        }

        int width = BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF;
        int height = BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF;
        return width == 0 || height == 0 ? null : (width, height);
    }

    private static int ReadUInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
