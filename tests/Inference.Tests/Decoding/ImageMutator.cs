using System.Buffers.Binary;

namespace Saccade.Inference.Tests.Decoding;

/// <summary>
/// Changes PNG and WebP files the way that hurts decoders: lengths and checksums are put right again, so that a check of the container
/// passes.
/// </summary>
/// <param name="random">Decides what changes.</param>
internal sealed class ImageMutator(Random random)
{
    private static readonly string[] PngTypes =
    [
        "tEXt",
        "zTXt",
        "iTXt",
        "iCCP",
        "eXIf",
        "tRNS",
        "gAMA",
        "pHYs",
        "PLTE",
        "IDAT",
        "acTL",
        "fcTL",
        "fdAT",
        "CgBI",
        "IHDR",
        "IEND",
    ];
    private static readonly string[] WebPTypes = ["ALPH", "ICCP", "EXIF", "XMP ", "VP8X", "VP8 ", "VP8L", "ANIM", "ANMF", "none"];

    /// <summary>One to three changes.</summary>
    public byte[] Mutate(byte[] file)
    {
        byte[] mutant = file;
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            mutant =
                random.Next(8) == 0 ? Bytes(mutant, 0)
                : file.AsSpan().StartsWith("RIFF"u8) ? WebP(mutant)
                : Png(mutant);
        }

        return mutant;
    }

    private byte[] Png(byte[] file)
    {
        PngFile png = PngFile.Of(file);
        if (png.Header.Length == 0 || png.Data.Length == 0)
        {
            return Bytes(file, 0); // An earlier change left nothing to take apart.
        }

        try
        {
            png = random.Next(8) switch
            {
                0 => png with { Header = Field(png.Header, [0, 4, 8, 9, 12]) },
                1 => png with { Header = Bytes(png.Header, 0) },
                2 => png with { Palette = random.Next(3) == 0 ? null : Noise(3 * random.Next(1, 257)) },
                3 => png with { Data = Bytes(png.Data, 0) },
                4 => png with { Data = png.Data[..random.Next(png.Data.Length)] },
                5 => png.WithRows(rows => Bytes(rows, 0)),
                6 => png.WithRows(rows => rows[..random.Next(rows.Length)]),
                _ => png.WithRows(rows => [.. rows, .. Noise(random.Next(100))]),
            };
        }
        catch (InvalidDataException)
        {
            return Bytes(file, 0); // Nor rows.
        }

        byte[] whole = png.Encode(
            random.Next(3) switch
            {
                0 => random.Next(1, 9),
                1 => random.Next(1, 5000),
                _ => int.MaxValue,
            }
        );
        if (random.Next(3) > 0)
        {
            return whole;
        }

        using var chunk = new MemoryStream();
        PngFile.WriteChunk(chunk, System.Text.Encoding.ASCII.GetBytes(PngTypes[random.Next(PngTypes.Length)]), Noise(random.Next(60)));
        int at = random.Next(2) == 0 ? 33 : whole.Length - 12;
        return [.. whole[..at], .. chunk.ToArray(), .. whole[at..]];
    }

    private byte[] WebP(byte[] file)
    {
        int start = Math.Max(file.AsSpan().IndexOf("VP8 "u8), file.AsSpan().IndexOf("VP8L"u8));
        if (start < 0 || start + 8 >= file.Length)
        {
            return Bytes(file, 0);
        }

        byte[] type = file[start..(start + 4)];
        int length = Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(start + 4)), 0, file.Length - start - 8);
        byte[] data = file[(start + 8)..(start + 8 + length)];
        data = random.Next(6) switch
        {
            0 => data[..random.Next(data.Length + 1)],
            1 => Bytes(data, 0),
            2 => Field(data, [0, 1, 2, 6, 8]),
            3 => [.. Bytes(data[..Math.Min(40, data.Length)], 10), .. data[Math.Min(40, data.Length)..]],
            4 => Bytes(data, Math.Min(10, data.Length)),
            _ => [.. data, .. Noise(random.Next(40))],
        };
        byte[] chunks = Chunk(type, data);
        if (random.Next(3) == 0)
        {
            byte[] other = Chunk(System.Text.Encoding.ASCII.GetBytes(WebPTypes[random.Next(WebPTypes.Length)]), Noise(random.Next(40)));
            chunks = random.Next(2) == 0 ? [.. other, .. chunks] : [.. chunks, .. other];
        }

        byte[] riff = Chunk("RIFF"u8.ToArray(), [.. "WEBP"u8, .. chunks]);
        return random.Next(6) == 0 ? [.. riff, .. Noise(random.Next(30))] : riff;
    }

    private static byte[] Chunk(byte[] type, byte[] data)
    {
        byte[] chunk = [.. type, 0, 0, 0, 0, .. data, .. new byte[data.Length % 2]];
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), data.Length);
        return chunk;
    }

    private byte[] Field(byte[] data, int[] places)
    {
        var changed = (byte[])data.Clone();
        int at = places[random.Next(places.Length)];
        if (at < changed.Length)
        {
            changed[at] = (byte)(random.Next(3) == 0 ? random.Next(256) : changed[at] ^ (1 << random.Next(8)));
        }

        return changed;
    }

    private byte[] Bytes(byte[] data, int from)
    {
        if (data.Length <= from)
        {
            return data;
        }

        var changed = (byte[])data.Clone();
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            int at = random.Next(from, changed.Length);
            switch (random.Next(4))
            {
                case 0:
                    changed[at] = (byte)random.Next(256);
                    break;
                case 1:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    changed[at] = (byte)(random.Next(2) * 255);
                    break;
                default:
                    int length = random.Next(Math.Min(64, changed.Length - at));
                    changed.AsSpan(random.Next(changed.Length - length), length).CopyTo(changed.AsSpan(at));
                    break;
            }
        }

        return changed;
    }

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }
}
