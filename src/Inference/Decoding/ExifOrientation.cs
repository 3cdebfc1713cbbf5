using System.Buffers.Binary;

namespace Saccade.Inference.Decoding;

/// <summary>
/// Finds the orientation in an EXIF block. A block that says nothing valid is passed over: EXIF is a hint and never a reason
/// to refuse an image.
/// </summary>
internal static class ExifOrientation
{
    /// <summary>What precedes the TIFF structure in JPEG, and in some PNG and WebP files; a byte of padding of any value follows.</summary>
    public static ReadOnlySpan<byte> Prefix => "Exif\0"u8;

    private const ushort OrientationTag = 0x0112;
    private const int EntrySize = 12;

    /// <summary>Reads the first directory of a TIFF-structured block.</summary>
    /// <param name="block">From the byte-order mark on, or from <see cref="Prefix"/> on.</param>
    /// <returns>The first valid orientation; null when there is none.</returns>
    public static Orientation? Find(ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<byte> tiff = block.Length > Prefix.Length && block.StartsWith(Prefix) ? block[(Prefix.Length + 1)..] : block;
        bool littleEndian = tiff.StartsWith("II"u8);
        if (tiff.Length < 8 || (!littleEndian && !tiff.StartsWith("MM"u8)))
        {
            return null;
        }

        // The number 42 that should follow is not looked at: some writers store it in the other byte order.
        uint directory = ReadUInt32(tiff[4..], littleEndian);
        if (directory > (uint)tiff.Length - 2)
        {
            return null;
        }

        // Neither the order of the tags nor the number of entries is trusted; the end of the block ends the directory too.
        ReadOnlySpan<byte> entries = tiff[(int)directory..];
        int count = ReadUInt16(entries, littleEndian);
        entries = entries[2..];
        for (; count > 0 && entries.Length >= EntrySize; count--, entries = entries[EntrySize..])
        {
            bool isOrientation = ReadUInt16(entries, littleEndian) == OrientationTag;
            if (isOrientation && ReadValue(tiff, entries, littleEndian) is >= 1 and <= 8 and var value)
            {
                return (Orientation)value;
            }
        }

        return null;
    }

    /// <summary>The first number of an entry of any integer type: the standard says one SHORT, writers say others.</summary>
    private static uint? ReadValue(ReadOnlySpan<byte> tiff, ReadOnlySpan<byte> entry, bool littleEndian)
    {
        int size = ReadUInt16(entry[2..], littleEndian) switch
        {
            1 or 6 => 1,
            3 or 8 => 2,
            4 or 9 => 4,
            _ => 0,
        };
        ReadOnlySpan<byte> value = entry[8..];
        if ((long)size * ReadUInt32(entry[4..], littleEndian) > 4)
        {
            // Several values do not fit the entry, which then says where they are.
            uint offset = ReadUInt32(value, littleEndian);
            value = offset <= (uint)tiff.Length ? tiff[(int)offset..] : default;
        }

        return value.Length < size
            ? null
            : size switch
            {
                1 => value[0],
                2 => ReadUInt16(value, littleEndian),
                4 => ReadUInt32(value, littleEndian),
                _ => null,
            };
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool littleEndian) =>
        littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool littleEndian) =>
        littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
