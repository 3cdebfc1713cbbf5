using System.Buffers.Binary;
using System.IO.Compression;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.TestSupport;

/// <summary>Images that tests compute, so that no camera's are needed.</summary>
public static class TestImages
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcEntry)];

    /// <summary>Uniform bytes, rows of RGB: every filter weight matters at every pixel. The same as <c>noise</c> in
    /// tests/fixtures/pattern.py.</summary>
    public static byte[] Noise(int width, int height)
    {
        uint state = 12345;
        var pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            state = unchecked((state * 1664525) + 1013904223);
            pixels[i] = (byte)(state >> 24);
        }

        return pixels;
    }

    /// <summary>Red grows to the right, green downwards, blue towards the top left: no two corners look alike. The same as <c>smooth</c> in
    /// pattern.py.</summary>
    public static byte[] Smooth(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int red = x * 255 / Math.Max(width - 1, 1);
                int green = y * 255 / Math.Max(height - 1, 1);
                int at = 3 * ((y * width) + x);
                pixels[at] = (byte)red;
                pixels[at + 1] = (byte)green;
                pixels[at + 2] = (byte)(255 - ((red + green) / 2));
            }
        }

        return pixels;
    }

    /// <summary>A PNG of <see cref="Smooth"/>.</summary>
    public static byte[] Png(int width, int height) => Png(Smooth(width, height), width, height);

    /// <summary>A PNG of the given rows of RGB.</summary>
    public static byte[] Png(byte[] pixels, int width, int height)
    {
        using var rows = new MemoryStream();
        for (int y = 0; y < height; y++)
        {
            rows.WriteByte(0);
            rows.Write(pixels, 3 * y * width, 3 * width);
        }

        return Png(width, height, rows.ToArray());
    }

    /// <summary>A JPEG of <see cref="Smooth"/>.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="quality">1 to 100.</param>
    public static byte[] Jpeg(int width, int height, int quality = 90) => Jpeg(Smooth(width, height), width, height, quality);

    /// <summary>A JPEG of the given rows of RGB.</summary>
    public static byte[] Jpeg(byte[] pixels, int width, int height, int quality)
    {
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(pixels, width, height);
        using var encoded = new MemoryStream();
        image.SaveAsJpeg(encoded, new JpegEncoder { Quality = quality });
        return encoded.ToArray();
    }

    /// <summary>A WebP of the given rows of RGB.</summary>
    public static byte[] WebP(byte[] pixels, int width, int height, bool lossless)
    {
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(pixels, width, height);
        using var encoded = new MemoryStream();
        image.SaveAsWebp(encoded, new WebpEncoder { FileFormat = lossless ? WebpFileFormatType.Lossless : WebpFileFormatType.Lossy });
        return encoded.ToArray();
    }

    /// <summary>Discs of plain colours upon <see cref="Smooth"/>, with a little noise: what flat areas and edges need of a coder.</summary>
    public static byte[] Blobs(int width, int height, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = Smooth(width, height);
        for (int disc = 0; disc < 12; disc++)
        {
            (int centreX, int centreY, int radius) = (random.Next(width), random.Next(height), random.Next(4, 60));
            var colour = new byte[3];
            random.NextBytes(colour);
            for (int y = Math.Max(0, centreY - radius); y < Math.Min(height, centreY + radius); y++)
            {
                for (int x = Math.Max(0, centreX - radius); x < Math.Min(width, centreX + radius); x++)
                {
                    if (((x - centreX) * (x - centreX)) + ((y - centreY) * (y - centreY)) < radius * radius)
                    {
                        colour.CopyTo(pixels, 3 * ((y * width) + x));
                        pixels[3 * ((y * width) + x)] ^= (byte)random.Next(8);
                    }
                }
            }
        }

        return pixels;
    }

    /// <summary>Puts an EXIF block with an orientation, 1 to 8, behind the start of a JPEG.</summary>
    public static byte[] WithOrientation(byte[] jpeg, int orientation) =>
        [
            .. jpeg[..2],
            0xFF,
            0xE1,
            0,
            34,
            .. "Exif\0\0MM\0*"u8,
            0,
            0,
            0,
            8,
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            (byte)orientation,
            0,
            0,
            0,
            0,
            0,
            0,
            .. jpeg[2..],
        ];

    /// <summary>A PNG of a few dozen bytes that declares any size at all.</summary>
    public static byte[] PngDeclaring(int width, int height) => Png(width, height, new byte[1024]);

    private static byte[] Png(int width, int height, byte[] filteredRows)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = 2;
        WriteChunk(png, "IHDR"u8, header);
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(filteredRows);
        }

        WriteChunk(png, "IDAT"u8, compressed.ToArray());
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        png.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (byte value in data)
        {
            crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint CrcEntry(int index)
    {
        uint entry = (uint)index;
        for (int bit = 0; bit < 8; bit++)
        {
            entry = (entry & 1) != 0 ? 0xEDB88320 ^ (entry >> 1) : entry >> 1;
        }

        return entry;
    }
}
