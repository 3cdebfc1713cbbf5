using System.Buffers.Binary;

namespace Saccade.Inference.Decoding;

/// <summary>The checksum of PNG's chunks (W3C PNG, third edition, annex D), eight bytes at a time.</summary>
internal static class Crc32
{
    /// <summary>Of eight tables of 256, the n-th tells what a byte does to the checksum of n bytes later.</summary>
    private static readonly uint[] Tables = Build();

    public static uint Of(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<uint> tables = Tables;
        uint crc = uint.MaxValue;
        for (; data.Length >= 8; data = data[8..])
        {
            ulong eight = BinaryPrimitives.ReadUInt64LittleEndian(data) ^ crc;
            crc = 0;
            for (int table = 7; table >= 0; table--, eight >>= 8)
            {
                crc ^= tables[(table << 8) | (byte)eight];
            }
        }

        foreach (byte value in data)
        {
            crc = tables[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] Build()
    {
        const uint polynomial = 0xEDB88320;
        var tables = new uint[8 * 256];
        for (int i = 0; i < tables.Length; i++)
        {
            uint entry = i < 256 ? (uint)i : tables[i - 256];
            for (int bit = 0; bit < 8; bit++)
            {
                entry = (entry & 1) != 0 ? polynomial ^ (entry >> 1) : entry >> 1;
            }

            tables[i] = entry;
        }

        return tables;
    }
}
