using System.Net;

namespace Saccade.Client;

/// <summary>A body that is copied from a stream as it is sent: from the stream's position, each time if it can seek.</summary>
/// <param name="stream">The image.</param>
/// <param name="leaveOpen">Whether the stream is the caller's to dispose of.</param>
internal sealed class StreamUpload(Stream stream, bool leaveOpen) : HttpContent
{
    // Over HTTP/2 an answer may come while the body is still being sent, and the next attempt begin.
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly long _start = stream.CanSeek ? stream.Position : 0;

    /// <summary>Whether it can be sent another time.</summary>
    public bool CanReplay { get; } = stream.CanSeek;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream target, TransportContext? context, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (CanReplay)
                stream.Position = _start;
            await stream.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = CanReplay ? stream.Length - _start : 0;
        return CanReplay;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
            stream.Dispose();
        base.Dispose(disposing);
    }
}
