using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Saccade.Training.Calibration;

/// <summary>
/// What one model said of every look at pictures, kept in a file: a line of text that says whose looks they are, then records as they came.
/// A run that was stopped goes on where it was; a file about something else is begun anew.
/// </summary>
internal sealed class LookFile : IDisposable
{
    private const int HeadBytes = 4 * sizeof(int);

    private readonly FileStream _file;
    private readonly Dictionary<int, long> _records = [];
    private readonly byte[] _head = new byte[HeadBytes];

    private LookFile(FileStream file) => _file = file;

    /// <summary>Pictures that are there.</summary>
    public int Count => _records.Count;

    /// <summary>Opens a file, or begins one.</summary>
    /// <param name="path">Its folder is made if need be.</param>
    /// <param name="identity">One line: the model, the pictures and the plans. Whatever else the file holds belongs to something
    /// else.</param>
    public static LookFile Open(string path, string identity)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var file = new LookFile(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        file.Recover(Encoding.UTF8.GetBytes($"{identity}\n"));
        return file;
    }

    /// <summary>Whether a picture is there.</summary>
    public bool Holds(int picture) => _records.ContainsKey(picture);

    /// <summary>Adds a picture's looks.</summary>
    /// <param name="looks">Which picture, its size, and the logits of its looks.</param>
    public void Add(PictureLooks looks)
    {
        _records.Add(looks.Picture, _file.Seek(0, SeekOrigin.End));
        BinaryPrimitives.WriteInt32LittleEndian(_head, looks.Picture);
        BinaryPrimitives.WriteInt32LittleEndian(_head.AsSpan(4), looks.Width);
        BinaryPrimitives.WriteInt32LittleEndian(_head.AsSpan(8), looks.Height);
        BinaryPrimitives.WriteInt32LittleEndian(_head.AsSpan(12), looks.Logits.Length);
        _file.Write(_head);
        _file.Write(MemoryMarshal.AsBytes<float>(looks.Logits));
    }

    /// <summary>Reads a picture's looks.</summary>
    /// <exception cref="KeyNotFoundException">It is not there.</exception>
    public PictureLooks Read(int picture)
    {
        _file.Seek(_records[picture], SeekOrigin.Begin);
        _file.ReadExactly(_head);
        var logits = new float[BinaryPrimitives.ReadInt32LittleEndian(_head.AsSpan(12))];
        _file.ReadExactly(MemoryMarshal.AsBytes(logits.AsSpan()));
        return new(
            picture,
            BinaryPrimitives.ReadInt32LittleEndian(_head.AsSpan(4)),
            BinaryPrimitives.ReadInt32LittleEndian(_head.AsSpan(8)),
            logits
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Finds the records of a file that is about the same; cuts off one that was not finished.</summary>
    private void Recover(byte[] identity)
    {
        var found = new byte[Math.Min(identity.Length, _file.Length)];
        _file.ReadExactly(found);
        if (!found.AsSpan().SequenceEqual(identity))
        {
            _file.SetLength(0);
            _file.Write(identity);
            return;
        }

        var at = (long)identity.Length;
        while (at + HeadBytes <= _file.Length)
        {
            _file.Seek(at, SeekOrigin.Begin);
            _file.ReadExactly(_head);
            var end = at + HeadBytes + (sizeof(float) * (long)BinaryPrimitives.ReadInt32LittleEndian(_head.AsSpan(12)));
            if (end > _file.Length)
                break;
            _records[BinaryPrimitives.ReadInt32LittleEndian(_head)] = at;
            at = end;
        }

        _file.SetLength(at);
    }
}

/// <summary>One picture's looks by one model.</summary>
/// <param name="Picture">Its index.</param>
/// <param name="Width">Columns of the picture.</param>
/// <param name="Height">Rows of it.</param>
/// <param name="Logits">Of every look that was computed, [looks, classes].</param>
internal sealed record PictureLooks(int Picture, int Width, int Height, float[] Logits);
