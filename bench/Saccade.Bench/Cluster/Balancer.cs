namespace Saccade.Bench.Cluster;

/// <summary>How an edge chooses one of its replicas. It knows what it has sent itself, and nothing of other edges.</summary>
/// <param name="replicas">How many there are, at least 1.</param>
internal abstract class Balancer(int replicas)
{
    private readonly int[] _underWay = new int[replicas];
    private readonly bool[] _isLeftOut = new bool[replicas];
    private int _usable = replicas;

    /// <summary>How many there are.</summary>
    protected int Replicas => _underWay.Length;

    /// <summary>Chooses a replica that is not left out, and counts a request for it.</summary>
    /// <returns>Its number; null when all are left out.</returns>
    public int? Send()
    {
        if (_usable == 0)
            return null;
        var replica = Choose();
        _underWay[replica]++;
        Changed(replica);
        return replica;
    }

    /// <summary>A request has ended.</summary>
    public void Ended(int replica)
    {
        _underWay[replica]--;
        Changed(replica);
    }

    /// <summary>Sends nothing to a replica from now on, or something again.</summary>
    public void LeaveOut(int replica, bool isLeftOut)
    {
        if (_isLeftOut[replica] == isLeftOut)
            return;
        _isLeftOut[replica] = isLeftOut;
        _usable += isLeftOut ? -1 : 1;
        Changed(replica);
    }

    /// <summary>Whether a replica is left out.</summary>
    public bool IsLeftOut(int replica) => _isLeftOut[replica];

    /// <summary>Requests that this edge has sent to a replica and that have not ended.</summary>
    protected int UnderWay(int replica) => _underWay[replica];

    /// <summary>Chooses a replica that is not left out; there is one.</summary>
    protected abstract int Choose();

    /// <summary>The count of a replica, or whether it is left out, is another one now.</summary>
    protected virtual void Changed(int replica) { }
}
