using System.Buffers.Binary;
using System.Text;

namespace Saccade.Training.Weights.Torch;

/// <summary>A pickle's bytes. Every length is held against what is left before anything is allocated.</summary>
internal sealed class PickleInput
{
    // The largest published network has a pickle of some 100 kB; a checkpoint with its optimiser a few times that.
    private const long MaxBytes = 16 << 20;
    private const int MaxLine = 256;

    private readonly Stream _stream;
    private readonly long _end;

    /// <summary>Reads from a stream's current position, through its end at most.</summary>
    public PickleInput(Stream stream)
    {
        _stream = stream;
        _end = Math.Min(stream.Length, stream.Position + MaxBytes);
    }

    public byte Byte()
    {
        Require(1);
        return (byte)_stream.ReadByte();
    }

    public byte[] Bytes(long count)
    {
        Require(count);
        var bytes = new byte[count];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Unsigned little-endian number of 1 to 8 bytes.</summary>
    /// <exception cref="InvalidDataException">It does not fit 63 bits, so that no length can be meant.</exception>
    public long Unsigned(int size)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        Require(size);
        _stream.ReadExactly(bytes[..size]);
        var value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return value <= long.MaxValue ? (long)value : throw new InvalidDataException("the pickle claims a length of more than 63 bits");
    }

    /// <summary>Signed little-endian number of four bytes.</summary>
    public int Int32() => (int)Unsigned(sizeof(int));

    /// <summary>Big-endian double.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(sizeof(double)));

    /// <summary>Text of a number of bytes.</summary>
    public string Text(long count) => Encoding.UTF8.GetString(Bytes(count));

    /// <summary>Text up to a line feed.</summary>
    public string Line()
    {
        var line = new StringBuilder();
        for (var next = Byte(); next != '\n'; next = Byte())
        {
            line.Append((char)next);
            if (line.Length > MaxLine)
                throw new InvalidDataException("the pickle has an endless line");
        }

        return line.ToString();
    }

    private void Require(long count)
    {
        if (count > _end - _stream.Position)
        {
            throw new InvalidDataException(
                _end < _stream.Length ? "the pickle is larger than that of any network" : "the pickle ends in the middle"
            );
        }
    }
}
