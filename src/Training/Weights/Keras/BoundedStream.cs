using System.Runtime.CompilerServices;

namespace Saccade.Training.Weights.Keras;

/// <summary>
/// A file from a stranger under a library that trusts it. Structures that lead back to themselves would be read for ever, or until the
/// stack is full, which ends the process: here they end in an exception, because everything that is followed is read first.
/// </summary>
internal sealed class BoundedStream : Stream
{
    // What small reads cost besides their bytes, so that many of them are bounded too.
    private const int Overhead = 64;
    private const long Allowance = 256 << 20;

    private readonly Stream _file;
    private long _left;

    /// <param name="file">Can be read and sought; closed with this.</param>
    public BoundedStream(Stream file)
    {
        _file = file;
        _left = Allowance + (4 * file.Length);
    }

    /// <summary>Bytes of the last read.</summary>
    public int LastRead { get; private set; }

    /// <summary>Reads so far.</summary>
    public long Reads { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => _file.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _file.Position;
        set => _file.Position = value;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">More was read than a sound file needs.</exception>
    /// <exception cref="InsufficientExecutionStackException">The reader is too deep in itself.</exception>
    public override int Read(Span<byte> buffer)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _left -= buffer.Length + Overhead;
        if (_left < 0)
            throw new InvalidDataException("it leads back to itself");

        Reads++;
        return LastRead = _file.Read(buffer);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => _file.Seek(offset, origin);

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}
