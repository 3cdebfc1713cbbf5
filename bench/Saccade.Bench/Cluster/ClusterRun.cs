using Saccade.Bench.Load;

namespace Saccade.Bench.Cluster;

/// <summary>Replicas behind edges, from the first request to the end of the last; the same setup gives the same figures.</summary>
internal sealed class ClusterRun : IDisposable
{
    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(100);

    private readonly ClusterSetup _setup;
    private readonly EventClock _clock = new();
    private readonly Random _arrivals;
    private readonly Random _failures;
    private readonly Replica[] _replicas;
    private readonly Edge[] _edges;
    private readonly int _failing;
    private readonly long[] _ends = new long[Enum.GetValues<RequestEnd>().Length];
    private readonly List<TimeSpan> _latencies = [];
    private readonly List<long> _held = [];
    private long _offered;
    private long _underWayAtFailures;

    private ClusterRun(ClusterSetup setup)
    {
        _setup = setup;
        // Arrivals are the same whatever the balancer does.
        var random = new Random(setup.Seed);
        (_arrivals, _failures) = (new(random.Next()), new(random.Next()));
        var lengths = new RunLength(setup.Variation, new(random.Next()));
        var slow = (int)Math.Round(setup.Scenario.Slow * setup.Replicas);
        _failing = (int)Math.Round(setup.Scenario.Failing * setup.Replicas);
        _replicas =
        [
            .. Enumerable
                .Range(0, setup.Replicas)
                .Select(number => new Replica(_clock, setup.Replica, lengths, number < slow ? setup.Scenario.Slowdown : 1)),
        ];
        _edges =
        [
            .. Enumerable
                .Range(0, setup.Edges)
                .Select(_ =>
                {
                    var balancer = Balancers.Create(setup.Balancer, setup.Replicas, new(random.Next()));
                    return new Edge(_replicas, balancer, setup.Health, _clock);
                }),
        ];
    }

    /// <summary>Simulates.</summary>
    /// <exception cref="InvalidOperationException">A request had no end, or two: the simulation is wrong.</exception>
    public static ClusterFigures Of(ClusterSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        using var run = new ClusterRun(setup);
        return run.Play();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var replica in _replicas)
            replica.Dispose();
    }

    private ClusterFigures Play()
    {
        PlanArrival();
        _clock.After(Sample, Look);
        for (var replica = 0; replica < _failing; replica++)
            PlanFailure(replica);
        _clock.Run();

        if (_ends.Sum() != _offered)
            throw new InvalidOperationException($"{_offered} requests had {_ends.Sum()} ends.");
        return new(
            _offered,
            _ends[(int)RequestEnd.Answered],
            _ends[(int)RequestEnd.Refused],
            _ends[(int)RequestEnd.Expired],
            _ends[(int)RequestEnd.Lost],
            _underWayAtFailures,
            TimeSpan.FromTicks((long)_latencies.Average(static latency => latency.Ticks)),
            Percentiles.Of(_latencies),
            Held()
        );
    }

    private void PlanArrival() =>
        _clock.After(
            TimeSpan.FromSeconds(-Math.Log(1 - _arrivals.NextDouble()) / _setup.Rate),
            () =>
            {
                if (_clock.Now >= _setup.Length)
                    return;
                _offered++;
                _ = SendAsync(_edges[_arrivals.Next(_edges.Length)]);
                PlanArrival();
            }
        );

    private async Task SendAsync(Edge edge)
    {
        var sentAt = _clock.Now;
        var end = await edge.SendAsync(_setup.Deadline);
        _ends[(int)end]++;
        if (end == RequestEnd.Answered)
            _latencies.Add(_clock.Now - sentAt);
    }

    private void PlanFailure(int replica)
    {
        _clock.After(
            _setup.Length / 3,
            () =>
            {
                _underWayAtFailures += _replicas[replica].UnderWay;
                _replicas[replica].Fail(_setup.Scenario.Failure);
                foreach (var edge in _edges)
                    edge.CheckSoon(replica, _failures.NextDouble());
            }
        );
        _clock.After(_setup.Length * 2 / 3, _replicas[replica].Return);
    }

    private void Look()
    {
        foreach (var replica in _replicas.Where(static replica => replica.State == ReplicaState.Up))
        {
            while (_held.Count <= replica.UnderWay)
                _held.Add(0);
            _held[replica.UnderWay]++;
        }

        if (_clock.Now + Sample < _setup.Length)
            _clock.After(Sample, Look);
    }

    private HeldRequests Held()
    {
        var samples = _held.Sum();
        var mean = _held.Select(static (times, held) => (double)times * held).Sum() / samples;
        var p99 = 0;
        for (var below = _held[0]; below < 0.99 * samples; below += _held[p99])
            p99++;
        return new(mean, p99, _held.Count - 1);
    }
}
