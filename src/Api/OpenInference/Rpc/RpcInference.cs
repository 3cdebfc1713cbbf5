using Microsoft.Extensions.Options;
using Saccade.Api.Bodies;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Inference.Models;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>One message of a call to infer: read, asked, and answered in kind.</summary>
internal sealed class RpcInference(
    ModelCatalog catalog,
    OipInference inference,
    BodyBudget bodies,
    RequestPlaces places,
    IOptions<LimitsOptions> limits
)
{
    /// <summary>Answers a message.</summary>
    /// <param name="message">What is asked.</param>
    /// <param name="arrivedAt">Timestamp at which it arrived.</param>
    /// <param name="deadline">The call's own; null if it has none. The message's can only be earlier.</param>
    /// <param name="cancellationToken">The client hung up.</param>
    /// <returns>The answer with the engine's timings, or a refusal.</returns>
    /// <exception cref="InvalidDataException">It is no request; the exception says why.</exception>
    public async Task<(ModelInferResponse? Message, InferAnswer? Answer, Refusal? Refusal)> AnswerAsync(
        ModelInferRequest message,
        long arrivedAt,
        TimeSpan? deadline,
        CancellationToken cancellationToken
    )
    {
        var version = message.ModelVersion.Length == 0 ? null : message.ModelVersion;
        var status = OipModelEndpoint.Find(message.ModelName, version, catalog);
        if (!OipModelEndpoint.TakesRequests(status))
            return (null, null, OipModelEndpoint.NotServed(message.ModelName, version, status));

        using var memory = bodies.Open();
        if (!memory.TryGrow(message.CalculateSize()))
            return (null, null, bodies.Refused());
        using var place = places.TryTake();
        if (place is null)
            return (null, null, places.Refused());

        var request = RpcInferReader.Read(message);
        var (answer, refusal) = await inference.AskAsync(
            message.ModelName,
            version,
            request,
            arrivedAt,
            Earlier(inference.Wait(request), deadline),
            cancellationToken
        );
        return answer is null
            ? (null, null, refusal)
            : (RpcInferWriter.Write(request, answer, raw: message.RawInputContents.Count > 0), answer, null);
    }

    /// <summary>The deadline of a call, as far as any is kept.</summary>
    public TimeSpan? DeadlineOf(HttpContext context) => RpcTimeout.Of(context.Request.Headers, limits.Value.MaxDeadline);

    // Past the deadline of the call nobody listens, whatever its parameter says.
    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one < other ? one : other ?? one;
}
