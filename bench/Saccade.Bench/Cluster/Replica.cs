using Saccade.Bench.Capacity;
using Saccade.Inference;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Tensors;

namespace Saccade.Bench.Cluster;

/// <summary>
/// A replica whose queue, admission, batch rule and cost model are the service's own, and whose runs take time and compute nothing. All of
/// a request's cost is in its run: decoding and HTTP too.
/// </summary>
internal sealed class Replica : IDisposable
{
    private static readonly TensorLayout Layout = new("input", InputType.Float32, [1, 1, 1], "logits", [1], FixedBatch: null);
    private static readonly BatchingOptions Defaults = new();

    private readonly EventClock _clock;
    private readonly ReplicaModel _model;
    private readonly RunLength _lengths;
    private readonly double _slowdown;
    private readonly List<Run> _running = [];
    private readonly Stack<CropBatch> _idle;
    private CropQueue _queue;
    private TimeSpan _since;
    private int _plan;

    /// <summary>A replica that is up and knows what its runs cost.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="model">Sessions, batches and the length of runs.</param>
    /// <param name="lengths">How that scatters.</param>
    /// <param name="slowdown">How many times as long everything takes here.</param>
    public Replica(EventClock clock, ReplicaModel model, RunLength lengths, double slowdown = 1)
    {
        (_clock, _model, _lengths, _slowdown) = (clock, model, lengths, slowdown);
        _idle = new(Enumerable.Range(0, model.Sessions).Select(_ => new CropBatch(Layout, model.Batch)));
        _queue = Start();
    }

    /// <summary>How its address answers.</summary>
    public ReplicaState State { get; private set; } = ReplicaState.Up;

    /// <summary>Requests that it has accepted and not answered.</summary>
    public int UnderWay { get; private set; }

    /// <summary>A request of one crop reaches it, which must be up.</summary>
    /// <param name="dueAt">Its deadline.</param>
    /// <returns>Null when it was answered, or what the client is told. When the replica has failed,
    /// <see cref="ClassifyFailure.ShuttingDown"/>: no answer, and <see cref="State"/> says how the connection ended.</returns>
    public async Task<ClassifyFailure?> ClassifyAsync(TimeSpan dueAt)
    {
        if (_queue.TryReserve(crops: 1, dueAt.Ticks, priority: 0, out _) is { } refusal)
            return refusal;
        UnderWay++;
        var result = _queue.SubmitAsync(new(1, Layout.Classes, Blank.Instance, dueAt.Ticks), reserved: 1, CancellationToken.None);
        StartRuns();
        var failure = (await result).Failure;
        UnderWay--;
        return failure;
    }

    /// <summary>It fails: what it had accepted ends unanswered.</summary>
    public void Fail(ReplicaState how)
    {
        State = how;
        _queue.Abandon(ClassifyFailure.ShuttingDown);
        _plan++;
        foreach (var run in _running)
            Free(run.Batch);
        _running.Clear();
    }

    /// <summary>Another process has started in its place.</summary>
    public void Return()
    {
        _queue = Start();
        State = ReplicaState.Up;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var batch in _running.Select(static run => run.Batch).Concat(_idle))
            batch.Dispose();
    }

    private double SecondsPerImage => _slowdown * _model.SecondsPerImage(_running.Count);

    private CropQueue Start()
    {
        var sizes = BatchSizes.UpTo(_model.Batch);
        var queue = new CropQueue(new(Defaults.QueueCapacity, Defaults.PriorityStep), _clock);
        queue.SetLimits(new(sizes, Defaults.MaxQueueDelay, _model.Sessions));
        // As the service does before it is ready.
        foreach (var size in sizes.Candidates())
            queue.Learn(size, TimeSpan.FromSeconds(size * _slowdown * _model.Together));
        return queue;
    }

    private void StartRuns()
    {
        var underWay = _running.Count;
        while (_idle.Count > 0 && _queue.TryTake(_idle.Peek(), out _))
        {
            Advance();
            var batch = _idle.Pop();
            _running.Add(new(batch, _clock.GetTimestamp()) { ImagesLeft = batch.Count * _lengths.Next() });
        }

        if (_running.Count > underWay)
            PlanEnd();
    }

    /// <summary>Counts what was computed since the last call, before the number of runs changes and with it their pace.</summary>
    private void Advance()
    {
        var images = _running.Count == 0 ? 0 : (_clock.Now - _since).TotalSeconds / SecondsPerImage;
        foreach (var run in _running)
            run.ImagesLeft -= images;
        _since = _clock.Now;
    }

    private void PlanEnd()
    {
        var plan = ++_plan;
        if (_running.MinBy(static run => run.ImagesLeft) is not { } first)
            return;
        _clock.After(
            TimeSpan.FromSeconds(first.ImagesLeft * SecondsPerImage),
            () =>
            {
                if (plan == _plan)
                    End(first);
            }
        );
    }

    private void End(Run run)
    {
        Advance();
        _running.Remove(run);
        _queue.Answer(run.Batch, run.Batch.Count, run.StartedAt, _clock.GetElapsedTime(run.StartedAt));
        Free(run.Batch);
        PlanEnd();
        StartRuns();
    }

    private void Free(CropBatch batch)
    {
        batch.Clear();
        _idle.Push(batch);
    }

    private sealed class Run(CropBatch batch, long startedAt)
    {
        public CropBatch Batch => batch;

        public long StartedAt => startedAt;

        public double ImagesLeft { get; set; }
    }

    private sealed class Blank : ICropSource
    {
        public static Blank Instance { get; } = new();

        public void Write(int crop, Span<byte> row) => row.Clear();

        public void Dispose() { }
    }
}
