using System.IO.Compression;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Reads a PNG's default picture. Alpha is dropped, not composited; gamma and colour profiles are not applied.</summary>
internal static class PngDecoder
{
    public static Image<Rgb24> Decode(ReadOnlySpan<byte> bytes, DecoderOptions options)
    {
        PngHeader? header = null;
        byte[] palette = [];
        var metadata = new ImageMetadata();
        using var compressed = new MemoryStream();
        var chunks = new PngChunks(bytes);
        bool dataEnded = false;
        while (chunks.MoveNext() && !chunks.Is("IEND"u8))
        {
            bool isData = chunks.Is("IDAT"u8);
            dataEnded |= compressed.Length > 0 && !isData;
            if (isData && !dataEnded)
            {
                _ = header ?? throw PngHeader.MustComeFirst();
                compressed.Write(chunks.Data);
            }
            else if (chunks.Is("IHDR"u8))
            {
                header = header is null ? PngHeader.Parse(chunks.Data) : throw PngHeader.MustComeFirst();
            }
            else if (chunks.Is("PLTE"u8))
            {
                palette = chunks.Data.ToArray();
            }
            else if (chunks.Is("eXIf"u8) && !options.SkipMetadata)
            {
                metadata.ExifProfile = new ExifProfile(chunks.Data.ToArray());
            }
        }

        if (header is not { } found || compressed.Length == 0)
        {
            throw new InvalidImageContentException("PNG Image does not contain a data chunk.");
        }

        if (found.ColorType == PngColorType.Palette && palette.Length < 3)
        {
            throw new InvalidImageContentException("PNG Image does not contain a palette chunk.");
        }

        return ReadPixels(found, palette, metadata, compressed);
    }

    private static Image<Rgb24> ReadPixels(PngHeader header, byte[] palette, ImageMetadata metadata, MemoryStream compressed)
    {
        SkipZlibHeader(compressed);
        using var inflated = new DeflateStream(compressed, CompressionMode.Decompress);
        var image = new Image<Rgb24>(header.Width, header.Height, metadata);
        try
        {
            var rows = new PngRows(header, inflated);
            var samples = new PngSamples(header, palette);
            Span<PngPass> passes = header.Interlaced ? [.. PngPass.Adam7] : [PngPass.Whole];
            foreach (PngPass pass in passes)
            {
                if (!ReadPass(pass, image, rows, samples))
                {
                    break;
                }
            }

            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <returns>False where the data ended early: the rest of the picture stays black, as it does in the real library.</returns>
    private static bool ReadPass(PngPass pass, Image<Rgb24> image, PngRows rows, PngSamples samples)
    {
        int width = pass.Columns(image.Width);
        if (width == 0)
        {
            return true;
        }

        rows.BeginPass(width);
        var line = new Rgb24[width];
        for (int y = pass.FirstRow; y < image.Height; y += pass.RowStep)
        {
            if (!rows.TryRead(out ReadOnlySpan<byte> row))
            {
                return false;
            }

            samples.ToPixels(row, line);
            Span<Rgb24> target = image.Pixels.Slice(y * image.Width, image.Width);
            for (int i = 0, x = pass.FirstColumn; i < width; i++, x += pass.ColumnStep)
            {
                target[x] = line[i];
            }
        }

        return true;
    }

    private static void SkipZlibHeader(MemoryStream compressed)
    {
        compressed.Position = 0;
        int method = compressed.ReadByte();
        int flags = compressed.ReadByte();
        if ((method & 0x0f) != 8 || flags < 0)
        {
            throw new InvalidImageContentException("Bad method for ZLIB header.");
        }

        if ((flags & 0x20) != 0)
        {
            compressed.Position += 4;
        }
    }
}
