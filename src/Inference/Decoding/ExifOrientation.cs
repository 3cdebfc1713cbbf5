using System.Buffers.Binary;

namespace Saccade.Inference.Decoding;

/// <summary>Finds the orientation in an EXIF block. Anything odd means "normal": EXIF is a hint and never a reason to refuse a picture.</summary>
internal static class ExifOrientation
{
    private const ushort OrientationTag = 0x0112;
    private const ushort TypeShort = 3;
    private const ushort TypeLong = 4;
    private const int EntrySize = 12;

    /// <summary>Reads the first directory of a TIFF-structured EXIF block.</summary>
    /// <param name="tiff">From the byte-order mark on.</param>
    public static Orientation Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
        {
            return Orientation.Normal;
        }

        bool littleEndian;
        if (tiff.StartsWith("II*\0"u8))
        {
            littleEndian = true;
        }
        else if (tiff.StartsWith("MM\0*"u8))
        {
            littleEndian = false;
        }
        else
        {
            return Orientation.Normal;
        }

        uint directory = ReadUInt32(tiff[4..], littleEndian);
        if (directory > (uint)tiff.Length - 2)
        {
            return Orientation.Normal;
        }

        ReadOnlySpan<byte> entries = tiff[(int)directory..];
        int count = ReadUInt16(entries, littleEndian);
        entries = entries[2..];
        for (; count > 0 && entries.Length >= EntrySize; count--, entries = entries[EntrySize..])
        {
            if (ReadUInt16(entries, littleEndian) != OrientationTag)
            {
                continue;
            }

            uint value = ReadUInt16(entries[2..], littleEndian) switch
            {
                TypeShort => ReadUInt16(entries[8..], littleEndian),
                TypeLong => ReadUInt32(entries[8..], littleEndian),
                _ => 0,
            };
            return value is >= 1 and <= 8 ? (Orientation)value : Orientation.Normal;
        }

        return Orientation.Normal;
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool littleEndian) =>
        littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool littleEndian) =>
        littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
