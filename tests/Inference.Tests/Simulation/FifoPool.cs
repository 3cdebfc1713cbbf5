namespace Saccade.Inference.Tests.Simulation;

/// <summary>
/// What most servers do: first come, first served, a fixed delay to fill batches, a queue of the same length, and no look at the deadline.
/// With <paramref name="dropsLate"/> a request whose deadline has passed is at least not computed.
/// </summary>
internal sealed class FifoPool(Device device, int seed, double delay, bool dropsLate)
{
    private const int Capacity = 1024;

    private readonly Random _noise = new(seed);
    private readonly Queue<Waiting> _waiting = new();
    private readonly PriorityQueue<List<Waiting>, double> _running = new();
    private int _free = device.Sessions;

    public Tally Play(IEnumerable<Arrival> workload)
    {
        var tally = new Tally();
        foreach (var arrival in workload)
        {
            RunUntil(arrival.At, tally);
            tally.Offered++;
            if (_waiting.Count + arrival.Crops > Capacity)
            {
                tally.Refused++;
                continue;
            }

            var request = new Request(arrival);
            for (var i = 0; i < arrival.Crops; i++)
                _waiting.Enqueue(new(request));
            Dispatch(arrival.At, tally);
        }

        RunUntil(double.MaxValue, tally);
        tally.Expired = tally.Offered - tally.InTime - tally.Late - tally.Refused;
        return tally;
    }

    private void RunUntil(double end, Tally tally)
    {
        while (true)
        {
            var done = _running.TryPeek(out _, out var first) ? first : double.PositiveInfinity;
            var due = _free > 0 && _waiting.Count > 0 ? _waiting.Peek().Request.Arrival.At + delay : double.PositiveInfinity;
            var now = Math.Min(done, due);
            if (now > end || double.IsPositiveInfinity(now))
                return;
            if (done <= due)
                Finish(now, tally);
            Dispatch(now, tally);
        }
    }

    private void Dispatch(double now, Tally tally)
    {
        while (_free > 0)
        {
            while (dropsLate && _waiting.Count > 0 && _waiting.Peek().Request.Arrival is var first && first.At + first.Allowed <= now)
                _waiting.Dequeue();
            if (_waiting.Count == 0 || (_waiting.Count < device.LargestBatch && _waiting.Peek().Request.Arrival.At + delay > now))
                return;
            var batch = new List<Waiting>();
            while (batch.Count < device.LargestBatch && _waiting.TryDequeue(out var crop))
                batch.Add(crop);
            tally.Crops += batch.Count;
            _free--;
            _running.Enqueue(batch, now + device.Run(_noise, batch.Count));
        }
    }

    private void Finish(double now, Tally tally)
    {
        _free++;
        foreach (var crop in _running.Dequeue())
        {
            if (--crop.Request.Left == 0)
                tally.Answered(crop.Request.Arrival, now);
        }
    }

    private readonly record struct Waiting(Request Request);

    private sealed class Request(Arrival arrival)
    {
        public Arrival Arrival => arrival;

        public int Left { get; set; } = arrival.Crops;
    }
}
