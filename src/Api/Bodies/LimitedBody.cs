using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Saccade.Api.Bodies;

/// <summary>
/// A body that may not grow beyond a limit, declared length or not, on whatever server, nor beyond what other bodies leave of their memory.
/// </summary>
internal sealed class LimitedBody(PipeReader body, long limit, BodyBudget.Share memory) : Stream
{
    private long _read;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // Called once for each packet of a body, by one reader: what it needs while it waits is used again.
    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await ReadPacketAsync(cancellationToken);
        if (result.IsCanceled)
        {
            body.AdvanceTo(result.Buffer.Start);
            throw new OperationCanceledException(cancellationToken);
        }

        var packet = result.Buffer.Slice(0, Math.Min(buffer.Length, result.Buffer.Length));
        var read = (int)packet.Length;
        packet.CopyTo(buffer.Span);
        body.AdvanceTo(packet.End);
        _read += read;
        if (_read > limit)
            throw new BadHttpRequestException($"The body is longer than {limit} bytes.", StatusCodes.Status413PayloadTooLarge);
        return memory.TryGrow(read)
            ? read
            : throw new BadHttpRequestException("Other bodies take all memory.", StatusCodes.Status429TooManyRequests);
    }

    // The token is not for the server's reader: Kestrel's takes a read that a token ended for one under way, cannot drain the rest of the
    // body, and closes the connection after the answer without having said so.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadPacketAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var packet = body.ReadAsync(CancellationToken.None);
        if (packet.IsCompleted)
            return await packet;
        await using (cancellationToken.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), body))
            return await packet;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush() { }
}
