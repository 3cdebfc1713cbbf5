using System.Threading.Channels;
using Grpc.Core;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Api.Requests;
using Saccade.Api.Shutdown;
using Saccade.Inference;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>
/// Many requests in one call. Several are under way at once, so that they share batches; answers come in the order of the requests.
/// </summary>
internal sealed class RpcInferStream(
    RpcInference inference,
    DrainGate gate,
    ClientLimits limits,
    FailureWriter failures,
    ExceptionFailures defects,
    TimeProvider clock
)
{
    /// <summary>Requests of one call that are under way at most; beyond them the client is not read.</summary>
    public const int MostInFlight = 16;

    /// <summary>Answers until the client has said everything, or the service stops.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<ModelInferRequest> requests,
        IServerStreamWriter<ModelStreamInferResponse> responses,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        // The writer holds one more than the channel.
        var answers = Channel.CreateBounded<Task<ModelStreamInferResponse>>(
            new BoundedChannelOptions(MostInFlight - 1) { SingleReader = true, SingleWriter = true }
        );
        var writing = WriteAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, gate.Closed);
        try
        {
            while (await requests.MoveNext(end.Token))
                await answers.Writer.WriteAsync(AnswerAsync(requests.Current, context, cancellationToken), cancellationToken);
        }
        catch (Exception e) when (gate.IsClosed && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            // Nothing more is read; what was read is answered below.
        }
        finally
        {
            answers.Writer.Complete();
            await writing;
        }

        if (gate.IsClosed)
            throw RpcFailure.Of(Stopping(), context);

        async Task WriteAsync()
        {
            await foreach (var answer in answers.Reader.ReadAllAsync(CancellationToken.None))
                await responses.WriteAsync(await answer, cancellationToken);
        }
    }

    // Each counts as a request of its own while the service drains; the call itself may stay open for hours.
    private async Task<ModelStreamInferResponse> AnswerAsync(
        ModelInferRequest request,
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        var arrivedAt = clock.GetTimestamp();
        if (limits.Refused(context) is { } tooOften)
            return Refused(request, tooOften, context);
        if (!gate.TryEnter())
            return Refused(request, Stopping(), context);

        try
        {
            var (message, _, refusal) = await inference.AnswerAsync(request, arrivedAt, deadline: null, cancellationToken);
            return message is null ? Refused(request, refusal!, context) : new() { InferResponse = message };
        }
        catch (Exception e)
        {
            return Refused(request, OipInference.Explain(e, context, cancellationToken) ?? defects.OfDefect(context, e), context);
        }
        finally
        {
            gate.Leave();
        }
    }

    private ModelStreamInferResponse Refused(ModelInferRequest request, Refusal refusal, HttpContext context)
    {
        failures.Record(context, refusal.Response, RequestProgress.Of(context).Id);
        return new()
        {
            ErrorMessage = refusal.Detail,
            InferResponse = new() { Id = request.Id },
        };
    }

    private static Refusal Stopping() => Refusal.Of(ClassifyFailure.ShuttingDown, "The service is stopping and takes no new work.");
}
