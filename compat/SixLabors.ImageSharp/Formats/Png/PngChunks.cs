using System.Buffers;
using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Walks a PNG's chunks. A chunk that says it is longer than the file is cut at the file's end.</summary>
internal ref struct PngChunks(ReadOnlySpan<byte> file)
{
    private const int Overhead = 12;

    private static readonly SearchValues<byte> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private ReadOnlySpan<byte> _rest = file[Signature.Length..];

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    public ReadOnlySpan<byte> Type { get; private set; }

    public ReadOnlySpan<byte> Data { get; private set; }

    /// <returns>False at the end of the file.</returns>
    /// <exception cref="InvalidImageContentException">What follows is no chunk, or a chunk that matters fails its check.</exception>
    public bool MoveNext()
    {
        if (_rest.Length < Overhead)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        Type = _rest.Slice(4, 4);
        if (length > int.MaxValue || Type.ContainsAnyExcept(Letters))
        {
            throw new InvalidImageContentException("Invalid PNG data.");
        }

        ReadOnlySpan<byte> following = _rest[8..];
        Data = following[..(int)Math.Min(length, (uint)following.Length)];
        following = following[Data.Length..];
        uint check = following.Length < 4 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(following);
        if ((Is("IHDR"u8) || Is("PLTE"u8) || Is("IDAT"u8)) && Crc32.Of(_rest.Slice(4, 4 + Data.Length)) != check)
        {
            throw new InvalidImageContentException($"CRC Error. PNG {System.Text.Encoding.ASCII.GetString(Type)} chunk is corrupt!");
        }

        _rest = following.Length < 4 ? default : following[4..];
        return true;
    }

    public readonly bool Is(ReadOnlySpan<byte> type) => Type.SequenceEqual(type);
}
