using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace SixLabors.ImageSharp.Metadata.Profiles.Exif;

/// <summary>The EXIF block of a picture, reduced to its orientation.</summary>
public sealed class ExifProfile
{
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;
    private const int EntryLength = 12;

    private ExifShort? _orientation;

    public ExifProfile()
    {
    }

    /// <summary>Reads a TIFF block, with or without the six bytes <c>Exif\0\0</c> before it. Broken blocks are empty ones.</summary>
    public ExifProfile(byte[]? data)
    {
        if (ReadOrientation(data) is { } value)
        {
            _orientation = new ExifShort { Value = value };
        }
    }

    public bool TryGetValue<TValueType>(ExifTag<TValueType> tag, [NotNullWhen(true)] out IExifValue<TValueType>? exifValue)
    {
        exifValue = _orientation as IExifValue<TValueType>;
        return exifValue is not null;
    }

    public void SetValue<TValueType>(ExifTag<TValueType> tag, TValueType value)
        where TValueType : notnull
        => _orientation = new ExifShort { Value = (ushort)(object)value };

    /// <returns>A little-endian TIFF block, or null when there is nothing to write.</returns>
    public byte[]? ToByteArray()
    {
        if (_orientation is null)
        {
            return null;
        }

        // Header, first directory at 8, one entry, no next directory.
        byte[] block = [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(18), _orientation.Value);
        return block;
    }

    public ExifProfile DeepClone() => new(ToByteArray());

    private static ushort? ReadOrientation(ReadOnlySpan<byte> block)
    {
        if (block.StartsWith("Exif\0\0"u8))
        {
            block = block[6..];
        }

        bool little = block.StartsWith("II*\0"u8);
        if (block.Length < 8 || (!little && !block.StartsWith("MM\0*"u8)))
        {
            return null;
        }

        uint directory = UInt32(block[4..], little);
        if (directory > block.Length - 2)
        {
            return null;
        }

        int count = UInt16(block[(int)directory..], little);
        ReadOnlySpan<byte> entries = block[((int)directory + 2)..];
        for (; count > 0 && entries.Length >= EntryLength; count--, entries = entries[EntryLength..])
        {
            if (UInt16(entries, little) == OrientationTag)
            {
                return UInt16(entries[2..], little) == ShortType && UInt32(entries[4..], little) == 1 ? UInt16(entries[8..], little) : null;
            }
        }

        return null;
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool little)
        => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool little)
        => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private sealed class ExifShort : IExifValue<ushort>
    {
        public ushort Value { get; set; }
    }
}
