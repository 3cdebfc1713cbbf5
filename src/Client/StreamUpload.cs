using System.Buffers;
using System.Net;
using System.Runtime.ExceptionServices;

namespace Saccade.Client;

/// <summary>A body that is copied from a stream as it is sent: from the stream's position, each time if it can seek.</summary>
/// <param name="stream">The image.</param>
/// <param name="leaveOpen">Whether the stream is the caller's to dispose of.</param>
internal sealed class StreamUpload(Stream stream, bool leaveOpen) : HttpContent
{
    private const int PieceBytes = 81_920;

    // Over HTTP/2 an answer may come while the body is still being sent, and the next attempt begin.
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly long _start = stream.CanSeek ? stream.Position : 0;

    private readonly bool _canSeek = stream.CanSeek;

    /// <summary>Why the image could not be read to its end; null if it could. <see cref="HttpClient"/> passes it on as a broken
    /// connection.</summary>
    public ExceptionDispatchInfo? ReadFailure { get; private set; }

    /// <summary>Whether it can be sent another time.</summary>
    public bool CanReplay => _canSeek && ReadFailure is null;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream target, TransportContext? context, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            Rewind();
            while (await ReadAsync(piece, cancellationToken).ConfigureAwait(false) is > 0 and var read)
                await target.WriteAsync(piece.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
            _oneAtATime.Release();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _canSeek ? stream.Length - _start : 0;
        return _canSeek;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
            stream.Dispose();
        base.Dispose(disposing);
    }

    private void Rewind()
    {
        if (_canSeek && stream.Position != _start)
            stream.Position = _start;
    }

    private async ValueTask<int> ReadAsync(Memory<byte> piece, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            ReadFailure = ExceptionDispatchInfo.Capture(failure);
            throw;
        }
    }
}
