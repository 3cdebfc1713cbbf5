using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Saccade.Inference.Batching;
using Saccade.Inference.Models;
using Saccade.Inference.Queueing;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Tensors;

/// <summary>From rows of a network's input to rows of its output: the same queue, batches and sessions as pictures, which wait beside them.</summary>
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
        var model = _catalog.Find(request.Model, request.Version);
        using var span = _telemetry.RequestStarted("infer");

        // To the rest of the engine it is a request whose crops have been made elsewhere.
        var asked = new ClassifyRequest
        {
            Image = default,
            Model = request.Model,
            Version = request.Version,
            ArrivedAt = request.ArrivedAt,
            Deadline = request.Deadline,
            Priority = request.Priority,
        };
        var visit = new Visit(asked, _time, _batching.DefaultDeadline, span?.Context ?? default);
        var outcome = OutcomeTag.Cancelled;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await RunAsync(request, visit, model, cancellationToken);
            outcome = result switch
            {
                TensorRefusal { Refusal: var refusal } => OutcomeTag.Of(refusal),
                TensorMismatch => OutcomeTag.InvalidTensor,
                _ => OutcomeTag.Answered,
            };
            return result;
        }
        finally
        {
            visit.Clock.Stop();
            _telemetry.RequestEnded(span, model?.Name, outcome, visit.Clock);
        }
    }

    private async Task<TensorOutcome> RunAsync(TensorRequest request, Visit visit, ServedModel? model, CancellationToken cancellationToken)
    {
        ModelRuntime? runtime;
        while (true)
        {
            // A version may be withdrawn, or retired, between being found and being asked. What takes its place was put there before: look again.
            runtime = model?.Runtime;
            if (runtime is null && Successor(request, model, retired: null) is { } other)
            {
                model = other;
                continue;
            }

            if (runtime is null) return new TensorRefusal(Refusals.NoModel(visit, model, _catalog));
            if (TensorRules.Mismatch(request, runtime.Layout, _batching.QueueCapacity) is { } mismatch) return new TensorMismatch(mismatch);
            if (visit.IsLate) return new TensorRefusal(visit.Refuse(ClassifyFailure.DeadlineExceeded));
            if (runtime.TryReserve((int)request.Shape[0], visit.DueAt, request.Priority, out var retryAfter) is not { } refused) break;
            if (refused != ClassifyFailure.ShuttingDown || Successor(request, model, runtime) is not { } next) return new TensorRefusal(visit.Refuse(refused, retryAfter));
            model = next;
        }

        var start = _time.GetTimestamp();
        var (layout, rows) = (runtime.Layout, new TensorRows(request.Data.Span, runtime.Layout.CropBytes));
        var pending = new PendingRequest((int)request.Shape[0], layout.Classes, rows, visit.DueAt, request.Priority) { Trace = visit.Trace };
        visit.Clock.Preprocessed(start);
        var result = await runtime.Queue.SubmitAsync(pending, cancellationToken);
        visit.Clock.Ran(pending.EnqueuedAt, result);
        if (result.Failure is { } failed) return new TensorRefusal(visit.Refuse(failed));

        var output = MemoryMarshal.AsMemory(pending.Logits);
        // Where the network ends in a softmax the sessions have taken the logarithm.
        if (layout.Probabilities) TensorPrimitives.Exp(output.Span, output.Span);
        return new TensorAnswer(runtime.Name, runtime.Version, layout, runtime.Manifest.Labels, pending.Crops.Length, output, visit.Clock.Stop());
    }

    /// <summary>What answers by now; null if that is what was found already.</summary>
    private ServedModel? Successor(TensorRequest request, ServedModel? model, ModelRuntime? retired)
    {
        var found = _catalog.Find(request.Model, request.Version);
        return found != model || found?.Runtime != retired ? found : null;
    }
}
