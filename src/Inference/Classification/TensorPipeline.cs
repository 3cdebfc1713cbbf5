using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Saccade.Inference.Models;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Classification;

/// <summary>
/// From rows of a network's input to rows of its output: the same queue, batches and sessions as images, which wait beside them.
/// </summary>
public sealed class TensorPipeline
{
    private readonly ModelCatalog _catalog;
    private readonly InferenceTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly BatchingOptions _batching;

    internal TensorPipeline(ModelCatalog catalog, IOptions<BatchingOptions> batching, InferenceTelemetry telemetry, TimeProvider time)
    {
        (_catalog, _telemetry, _time, _batching) = (catalog, telemetry, time, batching.Value);
    }

    /// <summary>Runs every row of a tensor through a network.</summary>
    /// <param name="request">The tensor.</param>
    /// <param name="cancellationToken">The caller's wish to give up; nothing else makes this method throw.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<TensorOutcome> InferAsync(TensorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new ModelQuery(request.Model, request.Version);
        var model = _catalog.Find(query)?.Name;
        using var span = _telemetry.RequestStarted("infer");
        var context = new RequestContext(_time, request.ArrivedAt, request.Deadline ?? _batching.DefaultDeadline)
        {
            Query = query,
            Priority = request.Priority,
            Trace = span?.Context ?? default,
        };
        var outcome = OutcomeTag.Cancelled;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await RunAsync(request, context, cancellationToken);
            outcome = result switch
            {
                TensorRefusal { Refusal: var refusal } => OutcomeTag.Of(refusal),
                TensorMismatch => OutcomeTag.InvalidTensor,
                _ => OutcomeTag.Answered,
            };
            return result;
        }
        catch (Exception error) when (OutcomeTag.IsDefect(error, cancellationToken))
        {
            outcome = OutcomeTag.Error;
            throw;
        }
        finally
        {
            context.Clock.Stop();
            _telemetry.RequestEnded(span, model, outcome, context.Clock);
        }
    }

    private async Task<TensorOutcome> RunAsync(TensorRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        // 1. Admit: a network that takes the tensor, time left, and room for every row.
        var found = _catalog.Find(context.Query);
        if (found is { Ensemble: not null, IsServing: true })
            return Refusal(context.Refuse(ClassifyFailure.UnknownModel, EnsembleTakesNoTensors(found.Label)));
        if (found?.Runtime is { } serving)
        {
            if (Mismatch(request, serving) is { } mismatch)
                return mismatch;
            if (context.IsLate)
                return Refusal(context.Refuse(ClassifyFailure.DeadlineExceeded));
        }

        var admitted = _catalog.TryReserve(context.Query, new RoomDemand(TensorRules.Rows(request), context.DueAt, context.Priority));
        if (admitted.Failure == ClassifyFailure.NotReady)
            return Refusal(Refusals.NoModel(context, _catalog));
        if (admitted.Failure is { } refused)
            return Refusal(context.Refuse(refused, admitted.RetryAfter));
        using var reservation = admitted.Reservation!;
        var runtime = reservation.Runtime;
        // What was found may have been exchanged for a network that takes another tensor.
        if (Mismatch(request, runtime) is { } exchanged)
            return exchanged;

        // 2. Copy the rows, queue them and wait, while the sessions run them.
        var start = _time.GetTimestamp();
        var rows = new TensorRows(request.Data.Span, runtime.Layout.CropBytes);
        var pending = reservation.Request(TensorRules.Rows(request), rows, context.Trace);
        context.Clock.Preprocessed(start);
        var result = await reservation.SubmitAsync(pending, cancellationToken);
        context.Clock.Ran(pending.EnqueuedAt, result);
        if (result.Failure is { } failed)
            return Refusal(context.Refuse(failed));

        // 3. Where the network ends in a softmax the sessions have taken the logarithm.
        var output = MemoryMarshal.AsMemory(pending.Logits);
        if (runtime.Layout.Probabilities)
            TensorPrimitives.Exp(output.Span, output.Span);
        return new TensorAnswer(
            runtime.Name,
            runtime.Version,
            runtime.Layout,
            runtime.Manifest.Labels,
            pending.Crops.Length,
            output,
            context.Clock.Stop()
        );
    }

    private TensorMismatch? Mismatch(TensorRequest request, ModelRuntime runtime) =>
        TensorRules.Mismatch(request, runtime.Layout, _batching.QueueCapacity) is { } detail ? new TensorMismatch(detail) : null;

    private static TensorRefusal Refusal(ClassifyRefusal refusal) => new(refusal);

    /// <summary>Every member has an input of its own, so there is no tensor that would do for all.</summary>
    private static string EnsembleTakesNoTensors(string label) =>
        $"'{label}' is an ensemble: it takes images, and its members take tensors.";
}
