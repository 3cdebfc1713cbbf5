using Microsoft.Extensions.Options;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Api.Requests;
using Saccade.Inference.Classification;

namespace Saccade.Api.OpenInference;

/// <summary>What inference over REST and over gRPC have in common: from a request that was understood to the network's answer or a refusal.</summary>
internal sealed class OipInference(TensorPipeline pipeline, IOptions<LimitsOptions> options)
{
    private const string Priority = "priority";
    private const string Timeout = "timeout";

    /// <summary>Asks the engine.</summary>
    /// <param name="name">Of the model.</param>
    /// <param name="version">Its version; null means the default one.</param>
    /// <param name="request">The tensor, and how it is to be treated.</param>
    /// <param name="deadline">Time allowed from arrival to answer; null means the configured default.</param>
    /// <param name="context">The HTTP request that carries it.</param>
    /// <returns>One of the two.</returns>
    /// <exception cref="InvalidDataException">Its priority is none; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The client hung up.</exception>
    public async Task<(TensorAnswer? Answer, Refusal? Refusal)> AskAsync(
        string name, string? version, InferRequest request, TimeSpan? deadline, HttpContext context)
    {
        var progress = RequestProgress.Of(context);
        var outcome = await pipeline.InferAsync(
            new TensorRequest
            {
                InputName = request.Input.Name,
                InputType = request.Input.Type,
                Shape = request.Input.Shape,
                Data = request.Input.Data,
                Model = name,
                Version = version,
                ArrivedAt = progress.ArrivedAt,
                Deadline = deadline,
                Priority = Urgency(request.Parameters),
            },
            context.RequestAborted);
        switch (outcome)
        {
            case TensorAnswer answer:
                progress.Timings = answer.Timings;
                return (answer, null);
            case TensorRefusal { Refusal: var refusal }:
                progress.Timings = refusal.Timings;
                return (null, Refusal.Of(refusal));
            case TensorMismatch { Detail: var detail }:
                return (null, Refusal.Of(ApiFailure.InvalidTensor, detail));
            default:
                throw new InvalidOperationException($"The engine returned a {outcome.GetType().Name}.");
        }
    }

    /// <summary>What an exception of inference means for the client; null if it is a defect.</summary>
    public static Refusal? Explain(Exception exception, HttpContext context) => exception switch
    {
        InvalidDataException wrong => Refusal.Of(ApiFailure.InvalidTensor, wrong.Message),
        OperationCanceledException when context.RequestAborted.IsCancellationRequested =>
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
    private static int Urgency(InferParameters parameters) => parameters.Integer(Priority, 0, int.MaxValue) switch
    {
        null or 0 => 0,
        { } level => (int)Math.Max(-ClassifyParameters.MaxPriority, ClassifyParameters.MaxPriority + 1 - level),
    };
}
