using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Saccade.Inference.Batching;
using Saccade.Inference.Decoding;
using Saccade.Inference.Ensembles;
using Saccade.Inference.Looks;
using Saccade.Inference.Models;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference;

/// <summary>From the bytes of a picture to labels.</summary>
/// <remarks>
/// <code>
/// caller ── 1 admit ── 2 decode ── 3 plan and resize ── 4 queue ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ 6 aggregate ── answer
///                                                          └ batch ─ 5 write crops ─ run ─ ┘   (the sessions' threads)
/// </code>
/// Steps 3 to 6 are repeated while <c>auto</c> is unsure. Steps 1 to 3 and 6 run on the caller's thread; crops are written by the session that runs them. Nothing is done for a request that is dead: time left and the caller's wish are looked at
/// before decoding, before entering the queue and before the run.
/// </remarks>
public sealed class ClassificationPipeline
{
    private readonly ModelCatalog _catalog;
    private readonly ImageDecoder _decoder;
    private readonly InferenceTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly KeptPictures _kept;
    private readonly TimeSpan _defaultDeadline;

    internal ClassificationPipeline(
        ModelCatalog catalog, ImageDecoder decoder, KeptPictures kept, IOptions<BatchingOptions> batching, InferenceTelemetry telemetry, TimeProvider time)
    {
        (_catalog, _decoder, _telemetry, _time) = (catalog, decoder, telemetry, time);
        (_kept, _defaultDeadline) = (kept, batching.Value.DefaultDeadline);
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
        if (request.IsRehearsal) return await RehearseAsync(request, model);
        using var span = _telemetry.RequestStarted();
        var visit = new Visit(request, _time, _defaultDeadline, span?.Context ?? default);
        ClassifyOutcome? outcome = null;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return outcome = await RunAsync(visit, model, cancellationToken);
        }
        finally
        {
            if (outcome is null) visit.Clock.Stop();
            if (outcome is Classification answer) _telemetry.Looked(answer);
            _telemetry.RequestEnded(span, model?.Name, OutcomeTag.Of(outcome), visit.Clock);
        }
    }

    /// <summary>The same for a picture of our own, by a model that need not serve yet.</summary>
    internal Task<ClassifyOutcome> RehearseAsync(ClassifyRequest request, ServedModel? model) =>
        RunAsync(new Visit(request, _time, _defaultDeadline, trace: default), model, CancellationToken.None);

    private async Task<ClassifyOutcome> RunAsync(Visit visit, ServedModel? model, CancellationToken cancellationToken)
    {
        // 1. Admit: models that can answer, time left, and room for every crop of the first round, before any work is done.
        if (!CanAnswer(visit.Request, ref model)) return Refusals.NoModel(visit, model, _catalog);
        if (visit.IsLate) return visit.Refuse(ClassifyFailure.DeadlineExceeded);
        var asked = model;
        using var gaze = new Gaze(visit, Panel.Of(model, () => visit.Request.IsRehearsal ? asked : _catalog.Find(visit.Request.Model, visit.Request.Version)));
        if (gaze.Admit() is { } full) return full.Failure == ClassifyFailure.NotReady ? Refusals.NoModel(visit, model, _catalog) : full;

        // 2. Probe the header against the limits, then decode, once for all models and rounds.
        var start = _time.GetTimestamp();
        var decoded = _decoder.Decode(visit.Request.Image, gaze.MinShorterSide);
        visit.Clock.Decoded(start);
        if (!decoded.Succeeded) return visit.Refuse(decoded.Failure, decoded.Detail!);
        using var image = new KeptPicture(decoded.Image!, _kept);
        if (visit.IsLate) return visit.Refuse(ClassifyFailure.DeadlineExceeded);

        do
        {
            // 3. Plan the crops of the round, and resize what they show.
            start = _time.GetTimestamp();
            gaze.Prepare(image.Picture);
            visit.Clock.Preprocessed(start);
            if (!gaze.IsLast && !image.TryKeep()) gaze.MakeLast();
            if (gaze.IsLast) image.Dispose();

            // 4. Enter the queues and wait, while 5. the sessions write crops and run them. 6. Aggregate: softmax of each crop, their mean, the members' mean.
            if (await gaze.LookAsync(cancellationToken) is { } refusal) return refusal;
        }
        while (gaze.GoesOn(image.Picture));

        return gaze.Answer();
    }

    /// <summary>Whether a model can be asked. One that was retired since it was found has a successor, which was put in its place before: it is asked instead.</summary>
    private bool CanAnswer(ClassifyRequest request, [NotNullWhen(true)] ref ServedModel? model)
    {
        while (model is not null && (model.Ensemble is { } ensemble ? !ensemble.IsServing : model.Runtime is null))
        {
            var next = _catalog.Find(request.Model, request.Version);
            if (next == model) return false;
            model = next;
        }

        return model is not null;
    }
}
