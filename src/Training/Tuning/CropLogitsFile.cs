using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Saccade.Training.Tuning;

/// <summary>
/// One model's logits for every crop of the images, kept in a file: a line of text that says what was computed, then records as they came.
/// A run that was stopped goes on where it was; a file about something else is begun anew.
/// </summary>
internal sealed class CropLogitsFile : IDisposable
{
    private const int HeadBytes = 4 * sizeof(int);

    private readonly FileStream _file;
    private readonly Dictionary<int, long> _records = [];
    private readonly byte[] _head = new byte[HeadBytes];

    private CropLogitsFile(FileStream file) => _file = file;

    /// <summary>Images that are there.</summary>
    public int Count => _records.Count;

    /// <summary>Opens a file, or begins one.</summary>
    /// <param name="path">Its folder is made if need be.</param>
    /// <param name="identity">One line: the model, the images and the plans. Whatever else the file holds belongs to something
    /// else.</param>
    public static CropLogitsFile Open(string path, string identity)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var file = new CropLogitsFile(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        file.Recover(Encoding.UTF8.GetBytes($"{identity}\n"));
        return file;
    }

    /// <summary>Whether an image is there.</summary>
    public bool Holds(int image) => _records.ContainsKey(image);

    /// <param name="logits">Which image, its size, and the logits of its crops.</param>
    public void Add(ImageLogits logits)
    {
        _records.Add(logits.Image, _file.Seek(0, SeekOrigin.End));
        BinaryPrimitives.WriteInt32LittleEndian(_head, logits.Image);
        BinaryPrimitives.WriteInt32LittleEndian(_head.AsSpan(4), logits.Width);
        BinaryPrimitives.WriteInt32LittleEndian(_head.AsSpan(8), logits.Height);
        BinaryPrimitives.WriteInt32LittleEndian(_head.AsSpan(12), logits.Logits.Length);
        _file.Write(_head);
        _file.Write(MemoryMarshal.AsBytes<float>(logits.Logits));
    }

    /// <exception cref="KeyNotFoundException">It is not there.</exception>
    public ImageLogits Read(int image)
    {
        _file.Seek(_records[image], SeekOrigin.Begin);
        _file.ReadExactly(_head);
        var logits = new float[BinaryPrimitives.ReadInt32LittleEndian(_head.AsSpan(12))];
        _file.ReadExactly(MemoryMarshal.AsBytes(logits.AsSpan()));
        return new(
            image,
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

/// <summary>One image's logits by one model.</summary>
/// <param name="Image">Its index.</param>
/// <param name="Width">Columns of the image.</param>
/// <param name="Height">Rows of it.</param>
/// <param name="Logits">Of every crop that was computed, [crops, classes].</param>
internal sealed record ImageLogits(int Image, int Width, int Height, float[] Logits);
