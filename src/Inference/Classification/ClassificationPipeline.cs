using Microsoft.Extensions.Options;
using Saccade.Inference.Decoding;
using Saccade.Inference.Models;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Classification;

/// <summary>From the bytes of an image to labels.</summary>
/// <remarks>
/// <code>
/// caller ── 1 admit ── 2 decode ── 3 plan and resize ── 4 queue ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ 6 aggregate ── answer
///                                                          └ batch ─ 5 write crops ─ run ─ ┘   (the sessions' threads)
/// </code>
/// Steps 3 to 6 are one round: <c>auto</c> repeats them while its confidence is low. Steps 1 to 3 and 6 run on the caller's thread; crops
/// are written by the session that runs them. Where answers are kept (<see cref="CacheOptions"/>), only requests that the cache
/// cannot answer take these steps. Nothing is done for a request that is dead: the deadline and the caller's token are checked
/// before decoding, before entering the queue and before the run.
/// </remarks>
public sealed class ClassificationPipeline
{
    private readonly ModelCatalog _catalog;
    private readonly ImageDecoder _decoder;
    private readonly InferenceTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly MemoryBudget _memory;
    private readonly AnswerCache _cache;
    private readonly TimeSpan _defaultDeadline;

    internal ClassificationPipeline(
        ModelCatalog catalog,
        ImageDecoder decoder,
        MemoryBudget memory,
        AnswerCache cache,
        IOptions<BatchingOptions> batching,
        InferenceTelemetry telemetry,
        TimeProvider time
    )
    {
        (_catalog, _decoder, _telemetry, _time) = (catalog, decoder, telemetry, time);
        (_memory, _cache, _defaultDeadline) = (memory, cache, batching.Value.DefaultDeadline);
        telemetry.ObserveMemory(() => memory.Capacity - memory.Free, () => memory.Waiting);
    }

    /// <summary>Classifies one image.</summary>
    /// <param name="request">The image, and by how many crops.</param>
    /// <param name="cancellationToken">The caller's wish to give up; nothing else makes this method throw.</param>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="ClassifyRequest.TopK"/> is less than 1.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<ClassifyOutcome> ClassifyAsync(ClassifyRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.TopK, 1, nameof(request));
        var query = new ModelQuery(request.Model, request.Version);
        var model = _catalog.Find(query)?.Name;
        using var span = _telemetry.RequestStarted(request.IncludeFeatures ? "embed" : "classify");
        var context = new RequestContext(_time, request.ArrivedAt, request.Deadline ?? _defaultDeadline)
        {
            Query = query,
            Priority = request.Priority,
            Trace = span?.Context ?? default,
        };
        ClassifyOutcome? outcome = null;
        var isDefect = false;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var members = _catalog.FindMembers(query);
            return outcome =
                members is not null && !context.IsLate && _cache.IsFor(request)
                    ? await AskCacheAsync(request, context, members, cancellationToken)
                    : await RunAsync(request, context, members, cancellationToken);
        }
        catch (Exception error) when (OutcomeTag.IsDefect(error, cancellationToken))
        {
            isDefect = true;
            throw;
        }
        finally
        {
            if (outcome is null)
                context.Clock.Stop();
            if (outcome is ClassifyAnswer { Cached: null } answer)
                _telemetry.Answered(answer);
            _telemetry.RequestEnded(span, model, isDefect ? OutcomeTag.Error : OutcomeTag.Of(outcome), context.Clock);
        }
    }

    /// <summary>Classifies an image by a version that does not serve yet. Counted nowhere.</summary>
    internal Task<ClassifyOutcome> WarmUpAsync(ClassifyRequest request, ModelRuntime runtime)
    {
        var context = new RequestContext(_time, request.ArrivedAt, request.Deadline ?? _defaultDeadline)
        {
            Query = new(runtime.Name, runtime.Version),
        };
        return RunAsync(request, context, MemberSet.Only(runtime), CancellationToken.None);
    }

    private async Task<ClassifyOutcome> AskCacheAsync(
        ClassifyRequest request,
        RequestContext context,
        MemberSet members,
        CancellationToken cancellationToken
    )
    {
        var outcome = await _cache.AnswerAsync(
            request,
            context,
            members,
            abandoned => RunAsync(request, context, members, abandoned),
            cancellationToken
        );
        _telemetry.CacheAsked(members.Model, (outcome as ClassifyAnswer)?.Cached);
        return outcome;
    }

    private async Task<ClassifyOutcome> RunAsync(
        ClassifyRequest request,
        RequestContext context,
        MemberSet? members,
        CancellationToken cancellationToken
    )
    {
        // 1. Admit: models that can answer, time left, and room for every crop of the first round, before any work is done.
        if (members is null)
            return Refusals.NoModel(context, _catalog);
        if (context.IsLate)
            return context.Refuse(ClassifyFailure.DeadlineExceeded);
        if (request.IncludeFeatures && members.IsEnsemble)
            return Refusals.NoFeaturesOf(members, context);
        using var rounds = new CropRounds(request, context, members, _catalog);
        if (rounds.ReserveFirst() is { } full)
            return full.Failure == ClassifyFailure.NotReady ? Refusals.NoModel(context, _catalog) : full;

        // 2. Probe the header against the limits, get memory and a place to decode in, then decode, once for all models and rounds.
        var start = _time.GetTimestamp();
        if (_decoder.Probe(request.Image.Span, out var header) is { } bad)
        {
            context.Clock.Decoded(start);
            return context.Refuse(bad.Failure, bad.Detail!);
        }

        var wanted = Math.Min(_decoder.MemoryFor(header, rounds.MinShorterSide), _memory.Capacity);
        using var memory = await TakeMemoryAsync(wanted, context, rounds, cancellationToken);
        if (memory is null)
            return rounds.Refusal!;
        start = _time.GetTimestamp();
        var decoded = _decoder.Decode(request.Image, header, rounds.MinShorterSide);
        context.Clock.Decoded(start);
        if (!decoded.Succeeded)
            return context.Refuse(decoded.Failure, decoded.Detail!);
        using var image = decoded.Image!;
        memory.KeepOnly(image.Pixels.Length);
        if (context.IsLate)
            return context.Refuse(ClassifyFailure.DeadlineExceeded);

        do
        {
            // 3. Plan the crops of the round, and resize what they show. The image is kept only if there may be another round.
            start = _time.GetTimestamp();
            rounds.Prepare(image);
            context.Clock.Preprocessed(start);
            if (!rounds.IsLast && !memory.TryKeep())
                rounds.MakeLast();
            if (rounds.IsLast)
            {
                image.Dispose();
                memory.Dispose();
            }

            // 4. Enter the queues and wait, while 5. the sessions write crops and run them.
            var results = await rounds.RunAsync(cancellationToken);

            // 6. Aggregate: softmax or sigmoid of each crop, their mean, the members' mean.
            if (rounds.Aggregate(results) is { } refusal)
                return refusal;
        } while (rounds.ReserveNext(image));

        return rounds.Answer();
    }

    /// <summary>
    /// Takes memory, or waits for it if it will probably be there in time. Whoever waits holds no room in the queues meanwhile: it may take
    /// long, and others could use it.
    /// </summary>
    /// <returns>Null if the request is refused: see <see cref="CropRounds.Refusal"/>.</returns>
    private async ValueTask<MemoryBudget.Holding?> TakeMemoryAsync(
        long wanted,
        RequestContext context,
        CropRounds rounds,
        CancellationToken cancellationToken
    )
    {
#pragma warning disable CA2000 // The caller's.
        var memory = _memory.TryTake(wanted);
#pragma warning restore CA2000
        if (memory is not null)
            return memory;

        rounds.ReleaseRoom();
        var wait = _memory.TimeToTake(wanted, context.DueAt);
        if (wait is null || wait > context.TimeUntil(context.DueAt))
        {
            rounds.Refuse(wait is null ? ClassifyFailure.QueueFull : ClassifyFailure.DeadlineUnreachable, wait ?? TimeSpan.Zero);
            return null;
        }

        var start = _time.GetTimestamp();
        memory = await _memory.TakeAsync(wanted, context.DueAt, cancellationToken);
        context.Clock.WaitedForMemory(start);
        if (memory is null)
            rounds.Refuse(ClassifyFailure.DeadlineExceeded, TimeSpan.Zero);
        else if (rounds.ReserveFirst() is not null)
            memory.Dispose();
        else
            return memory;
        return null;
    }
}
