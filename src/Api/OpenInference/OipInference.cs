using Microsoft.Extensions.Options;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Api.Parameters;
using Saccade.Inference.Classification;

namespace Saccade.Api.OpenInference;

/// <summary>What inference over REST and over gRPC have in common: from a request that was understood to an answer or a refusal.</summary>
internal sealed class OipInference(TensorPipeline pipeline, OipImages images, IOptions<LimitsOptions> options)
{
    private const string Priority = "priority";
    private const string Timeout = "timeout";

    /// <summary>Asks the engine.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="version">Its version; null means the default one.</param>
    /// <param name="request">The input, and how it is to be treated.</param>
    /// <param name="arrivedAt">Timestamp at which it arrived.</param>
    /// <param name="deadline">Time allowed from there to the answer; null means the configured default.</param>
    /// <param name="cancellationToken">The client hung up.</param>
    /// <returns>One of the two.</returns>
    /// <exception cref="InvalidDataException">Its priority is none, or the model has no such input; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The client hung up.</exception>
    public Task<(InferAnswer? Answer, Refusal? Refusal)> AskAsync(
        string model,
        string? version,
        InferRequest request,
        long arrivedAt,
        TimeSpan? deadline,
        CancellationToken cancellationToken
    )
    {
        var call = new InferCall(model, version, arrivedAt, deadline, Urgency(request.Parameters));
        return request.Input switch
        {
            TensorInput tensor => RunAsync(tensor, call, cancellationToken),
            ImagesInput encoded => images.ClassifyAsync(encoded, call, cancellationToken),
            var other => throw new InvalidOperationException($"The request has a {other.GetType().Name}."),
        };
    }

    private async Task<(InferAnswer? Answer, Refusal? Refusal)> RunAsync(
        TensorInput input,
        InferCall call,
        CancellationToken cancellationToken
    )
    {
        var outcome = await pipeline.InferAsync(
            new TensorRequest
            {
                InputName = input.Name,
                InputType = input.Type,
                Shape = input.Shape,
                Data = input.Data,
                Model = call.Model,
                Version = call.Version,
                ArrivedAt = call.ArrivedAt,
                Deadline = call.Deadline,
                Priority = call.Priority,
            },
            cancellationToken
        );
        return outcome switch
        {
            TensorAnswer one => (
                new(one.Model, one.Version, one.Layout.OutputName, one.Layout.OutputShape, one.Labels, one.Rows, one.Output, one.Timings),
                null
            ),
            TensorRefusal { Refusal: var refusal } => (null, Refusal.Of(refusal)),
            TensorMismatch { Detail: var detail } => (null, Refusal.Of(ApiFailure.InvalidTensor, detail)),
            _ => throw new InvalidOperationException($"The engine returned a {outcome.GetType().Name}."),
        };
    }

    /// <summary>What an exception of inference means for the client; null if it is a defect.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">The call's, which may end before the request does, by a deadline of its own.</param>
    public static Refusal? Explain(Exception exception, HttpContext context, CancellationToken cancellationToken) =>
        exception switch
        {
            InvalidDataException wrong => Refusal.Of(ApiFailure.InvalidTensor, wrong.Message),
            OperationCanceledException when context.RequestAborted.IsCancellationRequested || cancellationToken.IsCancellationRequested =>
                Refusal.Of(ApiFailure.ClientClosedRequest, "The client hung up before the answer was ready."),
            _ => null,
        };

    /// <summary>The time that a request's own parameter allows; null if it says nothing.</summary>
    /// <exception cref="InvalidDataException">It is no number of microseconds, or too large.</exception>
    public TimeSpan? Wait(InferRequest request) =>
        request.Parameters.Integer(Timeout, 0, (long)options.Value.MaxDeadline.TotalMicroseconds) is { } microseconds and > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;

    // The protocol's 0 is the default and its 1 the most urgent; here larger is more urgent.
    private static int Urgency(InferParameters parameters) =>
        parameters.Integer(Priority, 0, int.MaxValue) switch
        {
            null or 0 => 0,
            { } level => (int)Math.Max(-ImageParameters.MaxPriority, ImageParameters.MaxPriority + 1 - level),
        };
}
