using Saccade.Inference.Bundles;
using Saccade.Inference.Scheduling;
using Saccade.Inference.Tensors;
using Saccade.Inference.Tests.Execution.Sessions;
using Saccade.TestSupport;

namespace Saccade.Inference.Tests.Simulation;

/// <summary>
/// The real queue, rule, cost model and admission, in time that jumps from one event to the next, on one thread: the same seed gives the
/// same result to the last digit.
/// </summary>
internal sealed class SimulatedPool : IDisposable
{
    private static readonly TensorLayout Layout = new("input", InputType.Float32, [3, 1, 1], "logits", [1], FixedBatch: null);

    private readonly Device _device;
    private readonly Random _noise;
    private readonly FakeTimeProvider _time = new();
    private readonly CropQueue _queue;
    private readonly Stack<CropBatch> _idle;
    private readonly PriorityQueue<(CropBatch Batch, double Run), double> _running = new();
    private readonly Dictionary<PendingRequest, Arrival> _accepted = [];
    private readonly long _start;
    private double _wakeAt = double.PositiveInfinity;

    public SimulatedPool(Device device, int seed, TimeSpan? objective = null)
    {
        (_device, _noise) = (device, new Random(seed));
        _start = _time.GetTimestamp();
        _queue = new(new(Capacity: 1024, PriorityStep: TimeSpan.FromSeconds(1), objective), _time);
        _queue.SetLimits(new(BatchSizes.UpTo(device.LargestBatch), TimeSpan.Zero, device.Sessions));
        _queue.Learn(1, TimeSpan.FromSeconds(device.Cost.Seconds(1)));
        _queue.Learn(device.LargestBatch, TimeSpan.FromSeconds(device.Cost.Seconds(device.LargestBatch)));
        _idle = new(Enumerable.Range(0, device.Sessions).Select(_ => new CropBatch(Layout, device.LargestBatch)));
    }

    /// <summary>Called when a batch is taken, with its crops.</summary>
    public Action<PendingCrop[]>? Taken { get; set; }

    /// <summary>Called when a request has entered.</summary>
    public Action<PendingRequest>? Entered { get; set; }

    public Tally Play(IEnumerable<Arrival> workload)
    {
        var tally = new Tally();
        foreach (var arrival in workload)
        {
            FinishUntil(arrival.At, tally);
            MoveTo(arrival.At);
            Arrive(arrival, tally);
            Dispatch(tally);
        }

        FinishUntil(double.MaxValue, tally);
        tally.Expired = tally.Offered - tally.InTime - tally.Late - tally.Refused;
        return tally;
    }

    public void Dispose()
    {
        while (_idle.TryPop(out var batch))
            batch.Dispose();
    }

    private void FinishUntil(double end, Tally tally)
    {
        while (true)
        {
            var next = Math.Min(_wakeAt, _running.TryPeek(out _, out var done) ? done : double.PositiveInfinity);
            if (next > end || double.IsPositiveInfinity(next))
                return;
            MoveTo(next);
            if (next == _wakeAt)
                _wakeAt = double.PositiveInfinity;
            else
                Finish(tally);
            Dispatch(tally);
        }
    }

    private void Arrive(Arrival arrival, Tally tally)
    {
        tally.Offered++;
        var dueAt = _time.GetTimestamp() + (long)(arrival.Allowed * _time.TimestampFrequency);
        if (_queue.TryReserve(arrival.Crops, dueAt, priority: 0, out _) is not null)
        {
            tally.Refused++;
            return;
        }

        var request = new PendingRequest(arrival.Crops, classes: 1, new FlatCrops(0), dueAt);
        _accepted.Add(request, arrival);
        _ = _queue.SubmitAsync(request, request.Crops.Length, CancellationToken.None);
        Entered?.Invoke(request);
    }

    private void Dispatch(Tally tally)
    {
        while (_idle.TryPeek(out var batch))
        {
            if (!_queue.TryTake(batch, out var wait))
            {
                if (wait != Timeout.InfiniteTimeSpan)
                    _wakeAt = Now + wait.TotalSeconds;
                return;
            }

            _idle.Pop();
            tally.Crops += batch.Count;
            Taken?.Invoke(batch.Crops.ToArray());
            var run = _device.Run(_noise, batch.Count);
            _running.Enqueue((batch, run), Now + run);
        }
    }

    private void Finish(Tally tally)
    {
        var (batch, run) = _running.Dequeue();
        _queue.Answer(batch, batch.Count, batch.TakenAt, TimeSpan.FromSeconds(run));
        foreach (var crop in batch.Crops)
        {
            var request = crop.Request;
            if (request.Fate == CropFate.Answered && _accepted.Remove(request, out var arrival))
                tally.Answered(arrival, Now);
            else if (request.Fate is not null and not CropFate.Answered)
                tally.WastedCrops++;
        }

        batch.Clear();
        _idle.Push(batch);
    }

    private double Now => _time.GetElapsedTime(_start).TotalSeconds;

    private void MoveTo(double at)
    {
        var by = TimeSpan.FromSeconds(at - Now);
        if (by > TimeSpan.Zero)
            _time.Advance(by);
    }
}
