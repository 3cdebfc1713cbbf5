namespace Saccade.Bench.Cluster;

/// <summary>The balancers that are compared.</summary>
internal static class Balancers
{
    private static readonly Dictionary<string, Func<int, Random, Balancer>> ByName = new(StringComparer.Ordinal)
    {
        ["random"] = static (replicas, random) => new RandomChoice(replicas, random),
        ["round robin"] = static (replicas, random) => new RoundRobin(replicas, random.Next(replicas)),
        ["two choices"] = static (replicas, random) => new TwoChoices(replicas, random),
        ["least connections"] = static (replicas, random) => new LeastConnections(replicas, random),
    };

    /// <summary>Their names.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>Makes one.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="replicas">How many it has.</param>
    /// <param name="random">Where chance comes from.</param>
    public static Balancer Create(string name, int replicas, Random random) => ByName[name](replicas, random);
}

/// <summary>Any replica: kube-proxy's way.</summary>
internal sealed class RandomChoice(int replicas, Random random) : Balancer(replicas)
{
    /// <inheritdoc/>
    protected override int Choose() => Any(this, Replicas, random);

    /// <summary>One that is not left out.</summary>
    public static int Any(Balancer balancer, int replicas, Random random)
    {
        int replica;
        do replica = random.Next(replicas);
        while (balancer.IsLeftOut(replica));
        return replica;
    }
}

/// <summary>One after the other.</summary>
internal sealed class RoundRobin(int replicas, int first) : Balancer(replicas)
{
    private int _next = first;

    /// <inheritdoc/>
    protected override int Choose()
    {
        do _next = (_next + 1) % Replicas;
        while (IsLeftOut(_next));
        return _next;
    }
}

/// <summary>Of any two the one with fewer requests under way: <c>random two least_conn</c> of nginx, <c>random(2)</c> of HAProxy.</summary>
internal sealed class TwoChoices(int replicas, Random random) : Balancer(replicas)
{
    /// <inheritdoc/>
    protected override int Choose()
    {
        var (one, other) = (RandomChoice.Any(this, Replicas, random), RandomChoice.Any(this, Replicas, random));
        return UnderWay(other) < UnderWay(one) ? other : one;
    }
}

/// <summary>
/// The one with the fewest requests under way, and any of several: <c>least_conn</c> of nginx, <c>leastconn</c> of HAProxy. Replicas are
/// kept by their number of requests, so a choice takes the same time among any number of them.
/// </summary>
internal sealed class LeastConnections : Balancer
{
    private readonly Random _random;
    private readonly List<List<int>> _byCount = [];
    private readonly (int Count, int Place)[] _where;

    /// <summary>One whose replicas are idle.</summary>
    /// <param name="replicas">How many.</param>
    /// <param name="random">Decides among equals.</param>
    public LeastConnections(int replicas, Random random)
        : base(replicas)
    {
        _random = random;
        _where = new (int, int)[replicas];
        _byCount.Add([]);
        for (var replica = 0; replica < replicas; replica++)
            Insert(replica);
    }

    /// <inheritdoc/>
    protected override int Choose()
    {
        var fewest = _byCount.Find(static replicas => replicas.Count > 0)!;
        return fewest[_random.Next(fewest.Count)];
    }

    /// <inheritdoc/>
    protected override void Changed(int replica)
    {
        Remove(replica);
        if (!IsLeftOut(replica))
            Insert(replica);
    }

    private void Insert(int replica)
    {
        var count = UnderWay(replica);
        while (_byCount.Count <= count)
            _byCount.Add([]);
        _where[replica] = (count, _byCount[count].Count);
        _byCount[count].Add(replica);
    }

    private void Remove(int replica)
    {
        var (count, place) = _where[replica];
        if (place < 0)
            return;
        var peers = _byCount[count];
        var last = peers[^1];
        peers[place] = last;
        _where[last].Place = place;
        peers.RemoveAt(peers.Count - 1);
        _where[replica].Place = -1;
    }
}
