using BenchmarkDotNet.Attributes;
using Saccade.Inference;
using Saccade.Inference.Bundles;
using Saccade.Inference.Cropping;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Tensors;

namespace Saccade.Bench.Kernels;

/// <summary>What the queue's lock is held for: a request's way in and out, and a refusal.</summary>
[MemoryDiagnoser]
public class QueueKernels : IDisposable
{
    private const int Capacity = 16_384;

    private static readonly TensorLayout Layout = new("input", InputType.Float32, [3, 8, 8], "logits", [10], FixedBatch: null);
    private static readonly TimeSpan Run = TimeSpan.FromMilliseconds(10);

    private readonly CropQueue _queue = new(new QueueSetup(Capacity, TimeSpan.FromSeconds(1)), TimeProvider.System);
    private readonly Black _black = new();
    private readonly CropBatch _batch = new(Layout, capacity: 1);

    /// <summary>Requests that wait already.</summary>
    [Params(0, 30, 1024, 10_000)]
    public int Backlog { get; set; }

    /// <summary>Fills the queue and teaches it what a run costs.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _queue.SetLimits(new(BatchSizes.UpTo(1), TimeSpan.Zero, Sessions: 1));
        for (var run = 0; run < 10; run++)
            _queue.Learn(rows: 1, Run);
        for (var waiting = 0; waiting < Backlog; waiting++)
            Enter();
    }

    /// <summary>A single crop enters, the most urgent one is taken and answered: the backlog stays as long as it was.</summary>
    [Benchmark]
    public void Pass()
    {
        Enter();
        if (!_queue.TryTake(_batch, out _))
            throw new InvalidOperationException("The queue gave nothing out.");
        _queue.Answer(_batch, rows: 1, TimeProvider.System.GetTimestamp(), Run);
        _batch.Clear();
    }

    /// <summary>A request whose deadline can't be met behind the backlog is refused; an empty queue gives it a chance.</summary>
    [Benchmark]
    public bool Admission()
    {
        var failure = _queue.TryReserve(crops: 1, DueIn(TimeSpan.FromMilliseconds(1)), priority: 0, out _);
        if (failure is null)
            _queue.Release(1);
        return failure is null;
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _queue.Abandon(ClassifyFailure.ShuttingDown);
        _batch.Dispose();
        GC.SuppressFinalize(this);
    }

    private static long DueIn(TimeSpan time) =>
        TimeProvider.System.GetTimestamp() + (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency);

    private void Enter()
    {
        var due = DueIn(TimeSpan.FromHours(1));
        if (_queue.TryReserve(crops: 1, due, priority: 0, out _) is { } failure)
            throw new InvalidOperationException($"The queue refused: {failure}.");
        _ = _queue.SubmitAsync(new PendingRequest(crops: 1, Layout.Classes, _black, due), reserved: 1, CancellationToken.None);
    }

    private sealed class Black : ICropSource
    {
        public void Write(int crop, Span<byte> row) => row.Clear();

        public void Dispose() { }
    }
}
