using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Saccade.Inference.Models;
using Saccade.Inference.Telemetry;

namespace Saccade.Inference.Classification;

/// <summary>Answers kept for images that come again, and one run for all who ask the same at once (docs/decisions/0024).</summary>
internal sealed class AnswerCache : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<AnswerKey, SharedRun> _running = [];
    private readonly MemoryCache _kept;
    private readonly CacheOptions _options;
    private readonly ModelCatalog _catalog;
    private readonly InferenceTelemetry _telemetry;
    private readonly TimeProvider _time;

    /// <summary>Nothing is kept yet.</summary>
    public AnswerCache(IOptions<CacheOptions> options, ModelCatalog catalog, InferenceTelemetry telemetry, TimeProvider time)
    {
        (_options, _catalog, _telemetry, _time) = (options.Value, catalog, telemetry, time);
        _kept = new MemoryCache(new MemoryCacheOptions { SizeLimit = _options.Size, TrackStatistics = true });
        telemetry.ObserveCache(() => _kept.GetCurrentStatistics()?.CurrentEstimatedSize ?? 0);
    }

    /// <summary>Whether a request may be answered from here. What the service sends itself to warm up is to run each time.</summary>
    public bool IsFor(ClassifyRequest request) =>
        _options.Size > 0 && !_telemetry.IsPaused && (!_options.PerKey || request.Caller is not null);

    /// <summary>Answers as before, together with others who ask the same, or by a run.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="context">Its deadline and clock.</param>
    /// <param name="members">Who is asked.</param>
    /// <param name="run">Runs the request, until its token is cancelled.</param>
    /// <param name="cancellationToken">The caller's wish to give up. While others wait for the run, this returns only when it has
    /// ended: the run reads the caller's image.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<ClassifyOutcome> AnswerAsync(
        ClassifyRequest request,
        RequestContext context,
        MemberSet members,
        Func<CancellationToken, Task<ClassifyOutcome>> run,
        CancellationToken cancellationToken
    )
    {
        var key = AnswerKey.Of(request, members, _catalog, _options.PerKey);
        SharedRun? others;
        SharedRun? own = null;
        lock (_gate)
        {
            if (!_running.TryGetValue(key, out others) || !others.TryJoin(context))
            {
                others = null;
                if (_kept.TryGetValue(key, out KeptAnswer? kept))
                    return Again(kept!.Answer, CacheUse.Hit, context, _time.GetElapsedTime(kept.Since));
                _running[key] = own = new SharedRun(context);
            }
        }

        if (own is not null)
            return await RunForAllAsync(key, own, run, cancellationToken);

        try
        {
            if (await others!.Answer.WaitAsync(context.TimeUntil(context.DueAt), _time, cancellationToken) is { } shared)
                return Again(shared, CacheUse.Shared, context, age: null);
        }
        catch (TimeoutException)
        {
            return context.Refuse(ClassifyFailure.DeadlineExceeded);
        }
        finally
        {
            others!.Leave();
        }

        // What became of the other may be its own misfortune: a shorter deadline, a full queue.
        return await run(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    private async Task<ClassifyOutcome> RunForAllAsync(
        AnswerKey key,
        SharedRun own,
        Func<CancellationToken, Task<ClassifyOutcome>> run,
        CancellationToken cancellationToken
    )
    {
        ClassifyAnswer? forAll = null;
        try
        {
            ClassifyOutcome outcome;
            await using (cancellationToken.UnsafeRegister(static run => ((SharedRun)run!).Leave(), own))
                outcome = await run(own.Abandoned);
            if (outcome is ClassifyAnswer answer && key.IsAnsweredBy(answer))
                Keep(key, forAll = answer);
            cancellationToken.ThrowIfCancellationRequested();
            return outcome;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // In the caller's name, not the run's.
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            // In this order: whoever finds no run any more finds the answer.
            lock (_gate)
            {
                if (_running.GetValueOrDefault(key) == own)
                    _running.Remove(key);
            }

            own.End(forAll);
            own.Dispose();
        }
    }

    private void Keep(AnswerKey key, ClassifyAnswer answer)
    {
        using var entry = _kept.CreateEntry(key);
        entry.Value = new KeptAnswer(answer, _time.GetTimestamp());
        entry.Size = SizeOf(answer);
        entry.RegisterPostEvictionCallback(
            static (_, _, reason, telemetry) =>
            {
                if (reason == EvictionReason.Capacity)
                    ((InferenceTelemetry)telemetry!).AnswerEvicted();
            },
            _telemetry
        );
    }

    /// <summary>Bytes that an answer takes with its key, about: measured in docs/decisions/0024.</summary>
    private static long SizeOf(ClassifyAnswer answer) =>
        1024
        + (56 * answer.Predictions.Count)
        + (sizeof(float) * answer.Features.Count)
        + (64 * answer.Windows.Sum(static member => member.Windows.Count))
        + (sizeof(float) * answer.CropScores.Sum(static member => member.Rounds.Sum(static round => (long)round.Length)));

    private static ClassifyAnswer Again(ClassifyAnswer answer, CacheUse use, RequestContext context, TimeSpan? age) =>
        answer with
        {
            Timings = context.Clock.Stop(),
            Cached = use,
            Age = age,
        };

    /// <param name="Answer">What was answered.</param>
    /// <param name="Since">When, as a timestamp.</param>
    private sealed record KeptAnswer(ClassifyAnswer Answer, long Since);
}
