using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Saccade.Inference.Bundles;
using Saccade.Inference.Execution;
using Saccade.Inference.Execution.Devices;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Telemetry;
using Saccade.Inference.Tensors;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Execution.Sessions;

/// <summary>A queue and a pool over sessions that the test holds by the hand, in time that the test moves.</summary>
internal sealed class PoolFixture : IAsyncDisposable
{
    private readonly TestMeterFactory _meters = new();
    private readonly InferenceTelemetry _telemetry;
    private readonly ConcurrentQueue<GatedModelSession> _opened = [];
    private readonly ConcurrentQueue<FlatCrops> _sources = [];

    public PoolFixture(
        int runs = 1,
        int maxBatch = 4,
        int capacity = 1000,
        TimeSpan maxDelay = default,
        bool prepareAhead = false,
        bool lone = false,
        int[]? allowed = null,
        DeviceGate? gate = null,
        Func<int, GatedModelSession>? open = null
    )
    {
        _telemetry = new(_meters, Time);
        Queue = new CropQueue(new QueueSetup(capacity, TimeSpan.FromSeconds(1)), Time);
        var sizes = allowed is null ? BatchSizes.UpTo(maxBatch) : BatchSizes.Only(allowed);
        var spec = new SessionSpec(ExecutionProvider.Cpu, 0, 1);
        var plan = new ExecutionPlan([new(spec, runs, prepareAhead)], lone ? spec with { IntraOpThreads = 2 } : null);
        gate ??= new DeviceGate(capacity: 256, Time);
        var setup = new PoolSetup(Layout, plan, sizes, sizes.Maximum, maxDelay, First: null, Open, _ => gate);
        Pool = WorkerPool.Start(setup, Queue, new WorkerServices("test", "test/1", Time, _telemetry, NullLogger.Instance));

        GatedModelSession Open(SessionSpec wanted)
        {
            var session = open?.Invoke(_opened.Count) ?? new GatedModelSession();
            _opened.Enqueue(session);
            return session;
        }
    }

    public static TensorLayout Layout { get; } = new("input", InputType.Float32, [3, 8, 8], "logits", [3], FixedBatch: null);

    public FakeTimeProvider Time { get; } = new();

    public CropQueue Queue { get; }

    public WorkerPool Pool { get; }

    /// <summary>In the order of their making: the shared one, the lone one if there is one, replacements.</summary>
    public IReadOnlyList<GatedModelSession> Sessions => [.. _opened];

    public GatedModelSession Session => Sessions[0];

    /// <summary>What the crops of every request showed, in the order of their making.</summary>
    public IReadOnlyList<FlatCrops> Sources => [.. _sources];

    /// <summary>Reserves and submits; crop i of the request is all <c>value + i / 1000</c>, so that its first logit is 20 times
    /// that.</summary>
    public (PendingRequest Request, Task<RequestResult> Result) Submit(
        float value = 0.5f,
        int crops = 1,
        TimeSpan? deadline = null,
        int priority = 0,
        CancellationToken token = default
    )
    {
        Assert.Null(Queue.TryReserve(crops, DueAt(deadline), priority, out _));
        var request = Write(value, crops, deadline, priority);
        return (request, Queue.SubmitAsync(request, request.Crops.Length, token).Guarded());
    }

    /// <summary>A deadline from now, as a timestamp.</summary>
    public long DueAt(TimeSpan? deadline) =>
        Time.GetTimestamp() + (long)((deadline ?? TimeSpan.FromHours(1)).TotalSeconds * Time.TimestampFrequency);

    /// <summary>A request whose room has been reserved elsewhere.</summary>
    public PendingRequest Write(float value, int crops, TimeSpan? deadline = null, int priority = 0)
    {
        var source = new FlatCrops(value);
        _sources.Enqueue(source);
        return new PendingRequest(crops, Layout.Classes, source, DueAt(deadline), priority);
    }

    /// <summary>The books must balance at any moment.</summary>
    public QueueCounts Balanced()
    {
        var counts = Queue.Counts;
        Assert.Equal(counts.Accepted, counts.Answered + counts.Cancelled + counts.Expired + counts.Failed + counts.Queued + counts.Running);
        return counts;
    }

    /// <summary>Every row must have come back to its own crop.</summary>
    public static void AssertOwnLogits(PendingRequest request, float value)
    {
        foreach (var crop in request.Crops)
            Assert.Equal(20 * (value + (crop.Index / 1000f)), crop.Logits[0], 1e-3);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in Sessions)
            session.Open();
        await Pool.StopAsync(TimeSpan.FromHours(1), CancellationToken.None).Guarded();
        _telemetry.Dispose();
        _meters.Dispose();
    }
}
