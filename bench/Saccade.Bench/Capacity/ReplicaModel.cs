using Saccade.Bench.Load;

namespace Saccade.Bench.Capacity;

/// <summary>
/// A replica as a queue: sessions that take what waits in batches, in the order of arrival, and that slow each other down. A batch of n
/// images takes n times as long as one, since batches gain little on a CPU.
/// </summary>
/// <param name="Sessions">Runs at once, at least 1.</param>
/// <param name="Batch">Images in a run, at most.</param>
/// <param name="Alone">Seconds for an image while no other session runs.</param>
/// <param name="Together">Seconds while all run; in between it grows evenly.</param>
internal sealed record ReplicaModel(int Sessions, int Batch, double Alone, double Together)
{
    /// <summary>The model whose idle and full replica are the measured one's.</summary>
    public static ReplicaModel Of(MeasuredReplica measured) =>
        new(measured.Sessions, measured.Batch, 1 / measured.Alone, measured.Sessions / measured.Peak);

    /// <summary>Simulates arrivals at an idle replica to the last answer.</summary>
    /// <param name="arrivals">Ascending.</param>
    /// <returns>The latency of each request, in the order of the answers.</returns>
    public IReadOnlyList<TimeSpan> Latencies(IReadOnlyList<TimeSpan> arrivals)
    {
        ArgumentNullException.ThrowIfNull(arrivals);
        var latencies = new List<TimeSpan>(arrivals.Count);
        var waiting = new Queue<double>();
        var running = new List<Run>(Sessions);
        var now = 0.0;
        var next = 0;
        while (next < arrivals.Count || running.Count > 0)
        {
            var first = running.MinBy(static run => run.ImagesLeft);
            var pace = SecondsPerImage(running.Count);
            var end = first is null ? double.PositiveInfinity : now + (first.ImagesLeft * pace);
            var arrival = next < arrivals.Count ? arrivals[next].TotalSeconds : double.PositiveInfinity;
            var then = Math.Min(end, arrival);
            foreach (var run in running)
                run.ImagesLeft -= (then - now) / pace;
            now = then;
            if (arrival <= end)
            {
                waiting.Enqueue(arrival);
                next++;
            }
            else
            {
                latencies.AddRange(first!.Arrivals.Select(at => TimeSpan.FromSeconds(now - at)));
                running.Remove(first);
            }

            Start(waiting, running);
        }

        return latencies;
    }

    /// <summary>Percentiles of many stretches of one rate, each at an idle replica, as <c>serving</c> measures.</summary>
    public Percentiles Measure(double rate, TimeSpan stretch, int stretches) =>
        Percentiles.Of(Enumerable.Range(0, stretches).SelectMany(seed => Latencies(PoissonSchedule.Arrivals(rate, stretch, seed))));

    // What waits is divided among the free sessions, as the service's batch rule does.
    private void Start(Queue<double> waiting, List<Run> running)
    {
        while (waiting.Count > 0 && running.Count < Sessions)
        {
            var size = Math.Min(Batch, (int)Math.Ceiling((double)waiting.Count / (Sessions - running.Count)));
            running.Add(new([.. Enumerable.Range(0, size).Select(_ => waiting.Dequeue())]));
        }
    }

    /// <summary>Seconds that each of so many runs under way takes for an image.</summary>
    public double SecondsPerImage(int running) =>
        Sessions == 1 ? Together : Alone + ((Together - Alone) * Math.Max(0, running - 1) / (Sessions - 1));

    private sealed class Run(double[] arrivals)
    {
        public double[] Arrivals { get; } = arrivals;

        public double ImagesLeft { get; set; } = arrivals.Length;
    }
}
