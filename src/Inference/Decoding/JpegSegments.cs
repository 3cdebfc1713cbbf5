using System.Buffers.Binary;

namespace Saccade.Inference.Decoding;

/// <summary>
/// Steps from marker to marker of a JPEG file (ITU-T T.81, annex B), over entropy-coded data and over bytes that do not belong there.
/// </summary>
/// <param name="jpeg">The whole file.</param>
internal ref struct JpegSegments(ReadOnlySpan<byte> jpeg)
{
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    public const byte App0 = 0xE0;
    public const byte App1 = 0xE1;
    public const byte App14 = 0xEE;

    private readonly ReadOnlySpan<byte> _jpeg = jpeg;
    private int _end = 2;

    /// <summary>The marker's second byte.</summary>
    public byte Marker { get; private set; }

    /// <summary>What the segment holds behind its length; nothing for the start and the end of an image.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>Where <see cref="Data"/> is in the file.</summary>
    public int DataStart => _end - Data.Length;

    /// <summary>Whether the bytes before the marker are the entropy-coded data of a scan.</summary>
    public bool FollowsScan { get; private set; }

    /// <summary>The bytes between the segment before and the marker.</summary>
    public ReadOnlySpan<byte> Gap { get; private set; }

    /// <summary>Moves to the next segment.</summary>
    /// <returns>False when the file ends before a marker, or inside its segment.</returns>
    public bool TryRead()
    {
        FollowsScan = Marker == StartOfScan;
        int position = _end;
        do
        {
            int offset = _jpeg[position..].IndexOf((byte)0xFF);
            int code = offset < 0 ? -1 : _jpeg[(position + offset)..].IndexOfAnyExcept((byte)0xFF);
            if (code < 0)
            {
                return false;
            }

            position += offset + code + 1;
            Marker = _jpeg[position - 1];
        } while (Marker is 0 or 1 or (>= 0xD0 and <= 0xD7)); // Stuffed bytes, restarts and TEM end no scan.

        Gap = _jpeg[_end..(position - 2)];
        if (Marker is StartOfImage or EndOfImage)
        {
            Data = default;
            _end = position;
            return true;
        }

        ReadOnlySpan<byte> rest = _jpeg[position..];
        int length = rest.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (length < 2 || length > rest.Length)
        {
            return false;
        }

        Data = rest[2..length];
        _end = position + length;
        return true;
    }
}
