using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Saccade.Api.Bodies;
using Saccade.Api.Errors;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>
/// The body of a call: what has arrived of a message, and was not read yet as a whole, counts against the memory of all bodies.
/// </summary>
internal sealed class RpcBody(HttpContext context, PipeReader body, BodyBudget budget, long longest)
    : PipeReader,
        IRequestBodyPipeFeature,
        IDisposable
{
    private readonly BodyBudget.Share _memory = budget.Open();
    private ReadOnlySequence<byte> _arrived;
    private long _counted;

    /// <inheritdoc/>
    PipeReader IRequestBodyPipeFeature.Reader => this;

    /// <inheritdoc/>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Counted(await body.ReadAsync(cancellationToken));

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (!body.TryRead(out result))
            return false;
        result = Counted(result);
        return true;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var read = _arrived.Slice(0, consumed).Length;
        _arrived = default;
        body.AdvanceTo(consumed, examined);
        _memory.Shrink(read);
        _counted -= read;
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => body.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => body.Complete(exception);

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private ReadResult Counted(ReadResult result)
    {
        var more = result.Buffer.Length - _counted;
        var refusal =
            result.Buffer.Length > longest ? Refusal.Of(ApiFailure.BodyTooLarge, $"The message is longer than {longest} bytes.")
            : _memory.TryGrow(more) ? null
            : budget.Refused();
        if (refusal is not null)
        {
            body.AdvanceTo(result.Buffer.Start);
            throw RpcFailure.Of(refusal, context);
        }

        (_arrived, _counted) = (result.Buffer, _counted + more);
        return result;
    }
}
