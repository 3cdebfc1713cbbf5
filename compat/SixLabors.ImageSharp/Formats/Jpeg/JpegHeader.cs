using System.Buffers.Binary;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>What a JPEG says before its first scan.</summary>
internal readonly record struct JpegHeader(int Width, int Height, int Components, ImageMetadata Metadata)
{
    private const int ShortestFile = 11;

    public static bool Matches(ReadOnlySpan<byte> bytes) => bytes.Length >= ShortestFile && bytes[0] == 0xff && bytes[1] == 0xd8;

    public static ImageInfo Identify(ReadOnlySpan<byte> bytes, DecoderOptions options)
    {
        JpegHeader header = Read(bytes, options);
        return new ImageInfo(new PixelTypeInfo(8 * header.Components), new Size(header.Width, header.Height), header.Metadata);
    }

    /// <exception cref="InvalidImageContentException">No frame is declared before the first scan.</exception>
    /// <exception cref="NotSupportedException">The frame is of a kind that nobody writes: lossless, hierarchical, two components.</exception>
    public static JpegHeader Read(ReadOnlySpan<byte> bytes, DecoderOptions options)
    {
        var metadata = new ImageMetadata();
        ReadOnlySpan<byte> frame = default;
        var segments = new JpegSegments(bytes);
        while (segments.MoveNext() && segments.Marker is not (JpegSegments.StartOfScan or JpegSegments.EndOfImage))
        {
            if (segments.Marker == JpegSegments.Application1 && segments.Data.StartsWith("Exif\0\0"u8) && !options.SkipMetadata)
            {
                metadata.ExifProfile ??= new ExifProfile(segments.Data.ToArray());
            }
            else if (segments.IsFrame)
            {
                frame = frame.IsEmpty ? segments.Data : throw new InvalidImageContentException("Multiple SOF markers. Only single frame jpegs supported.");
            }
        }

        if (frame.Length < 6)
        {
            throw new InvalidImageContentException("The JPEG has no readable SOF marker.");
        }

        var header = new JpegHeader(BinaryPrimitives.ReadUInt16BigEndian(frame[3..]), BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), frame[5], metadata);
        if (header.Width == 0 || header.Height == 0)
        {
            throw new InvalidImageContentException($"Invalid image dimensions: {header.Width}x{header.Height}.");
        }

        return header.Components is 1 or 3 or 4
            ? header
            : throw new NotSupportedException($"Images with {header.Components} components are not supported.");
    }
}
