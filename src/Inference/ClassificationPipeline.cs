using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Saccade.Inference.Aggregation;
using Saccade.Inference.Batching;
using Saccade.Inference.Cropping;
using Saccade.Inference.Decoding;
using Saccade.Inference.Models;
using Saccade.Inference.Queueing;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference;

/// <summary>From the bytes of a picture to labels.</summary>
/// <remarks>
/// <code>
/// caller ── 1 admit ── 2 decode ── 3 plan ── 4 write crops ── 5 queue ┄┄┄┄┄┄┄┄┄┄┄┄┄ 6 aggregate ── answer
///                                                                └ batch ─ run ─ ┘   (the sessions' threads)
/// </code>
/// Steps 1 to 4 and 6 run on the caller's thread. Nothing is done for a request that is dead: time left and the caller's wish are looked at
/// before decoding, before entering the queue and before the run.
/// </remarks>
public sealed class ClassificationPipeline
{
    private readonly ModelCatalog _catalog;
    private readonly ImageDecoder _decoder;
    private readonly InferenceTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly BatchingOptions _batching;

    internal ClassificationPipeline(
        ModelCatalog catalog, ImageDecoder decoder, IOptions<BatchingOptions> batching, InferenceTelemetry telemetry, TimeProvider time)
    {
        (_catalog, _decoder, _telemetry, _time) = (catalog, decoder, telemetry, time);
        _batching = batching.Value;
    }

    /// <summary>Classifies one image.</summary>
    /// <param name="request">The image, and how to look at it.</param>
    /// <param name="cancellationToken">The caller's wish to give up; nothing else makes this method throw.</param>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="ClassifyRequest.TopK"/> is less than 1.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<ClassifyOutcome> ClassifyAsync(ClassifyRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.TopK, 1, nameof(request));
        var model = _catalog.Find(request.Model, request.Version);
        using var span = _telemetry.RequestStarted();
        var visit = new Visit(request, _time, _batching.DefaultDeadline, span?.Context ?? default);
        ClassifyOutcome? outcome = null;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return outcome = await RunAsync(visit, model, cancellationToken);
        }
        finally
        {
            if (outcome is null) visit.Clock.Stop();
            _telemetry.RequestEnded(span, model?.Name, OutcomeTag.Of(outcome), visit.Clock);
        }
    }

    private async Task<ClassifyOutcome> RunAsync(Visit visit, ServedModel? model, CancellationToken cancellationToken)
    {
        // 1. Admit: a model that can answer, time enough, and room for every crop, before any work is done.
        if (!TryAdmit(visit, model, out var runtime, out var refused)) return refused;

        ClassifyRefusal? refusal;
        PendingRequest? pending = null;
        try
        {
            refusal = Prepare(visit, runtime, out pending);
        }
        finally
        {
            if (pending is null) runtime.Queue.Release(visit.Crops);
        }

        if (pending is null) return refusal!;

        // 5. Enter the queue and wait.
        var result = await runtime.Queue.SubmitAsync(pending, cancellationToken);
        visit.Clock.Ran(pending.EnqueuedAt, result);
        if (result.Failure is { } failed) return visit.Refuse(failed);

        // 6. Aggregate: softmax of each crop, their mean, the best few.
        using var scores = new ScoreAggregator(runtime.Layout.Classes, visit.Crops);
        foreach (var crop in pending.Crops)
        {
            if (!scores.TryAdd(crop.Index, crop.Logits)) return visit.Refuse(ClassifyFailure.ModelFailed);
        }

        return visit.Answer(runtime, scores);
    }

    private bool TryAdmit(
        Visit visit, ServedModel? model, [NotNullWhen(true)] out ModelRuntime? runtime, [NotNullWhen(false)] out ClassifyRefusal? refused)
    {
        runtime = model?.Runtime;
        refused = runtime is null ? Refusals.NoModel(visit, model, _catalog) : Refusals.NoPlan(visit, runtime, _batching.QueueCapacity);
        if (refused is null && visit.IsLate) refused = visit.Refuse(ClassifyFailure.DeadlineExceeded);
        if (refused is not null) return false;
        if (runtime!.TryReserve(visit.Crops, visit.DueAt, visit.Request.Priority, out var retryAfter) is not { } full) return true;

        // Retired between being found and being asked: what takes its place was put there before, so look again.
        var next = full == ClassifyFailure.ShuttingDown ? _catalog.Find(visit.Request.Model, visit.Request.Version) : model;
        if (next?.Runtime != runtime) return TryAdmit(visit, next, out runtime, out refused);
        refused = visit.Refuse(full, retryAfter);
        return false;
    }

    private ClassifyRefusal? Prepare(Visit visit, ModelRuntime runtime, out PendingRequest? pending)
    {
        pending = null;
        var (mode, manifest) = (visit.Request.Crops, runtime.Manifest);

        // 2. Probe the header against the limits, then decode.
        var start = _time.GetTimestamp();
        var decoded = _decoder.Decode(visit.Request.Image, CropPlan.MinShorterSide(mode, manifest.Input, manifest.Preprocessing));
        visit.Clock.Decoded(start);
        if (!decoded.Succeeded) return visit.Refuse(decoded.Failure, decoded.Detail!);
        using var image = decoded.Image!;
        if (visit.IsLate) return visit.Refuse(ClassifyFailure.DeadlineExceeded);

        // 3. Plan the crops, and resize what they show.
        start = _time.GetTimestamp();
        var plan = CropPlan.Create(mode, image, manifest.Input, manifest.Preprocessing);
        using var prepared = new PreparedCrops(image, plan, manifest.Input, manifest.Preprocessing);

        // 4. Write each crop as the network wants it.
        var written = new PendingRequest(visit.Crops, runtime.Layout.Classes, runtime.Buffers, visit.DueAt, visit.Request.Priority) { Trace = visit.Trace };
        foreach (var crop in written.Crops)
        {
            if (manifest.Input.Type == InputType.Float32) prepared.WriteCrop(crop.Index, MemoryMarshal.Cast<byte, float>(crop.Pixels));
            else prepared.WriteCrop(crop.Index, crop.Pixels);
        }

        visit.Clock.Preprocessed(start);
        pending = written;
        return null;
    }
}
