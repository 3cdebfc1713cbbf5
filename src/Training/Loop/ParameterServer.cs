namespace Saccade.Training.Loop;

/// <summary>The shared weights of asynchronous replicas: read whole, moved one gradient at a time, and nobody waits for anybody's
/// batch.</summary>
internal sealed class ParameterServer
{
    private readonly Lock _gate = new();
    private readonly WeightUpdate _update;
    private long _version;

    /// <param name="update">Moves the shared weights.</param>
    public ParameterServer(WeightUpdate update) => _update = update;

    /// <summary>Gives a replica the weights of this moment.</summary>
    /// <returns>Their version, to be handed back with the gradient.</returns>
    public long Pull(Replica replica)
    {
        lock (_gate)
        {
            replica.Pull();
            return _version;
        }
    }

    /// <summary>Moves the shared weights by a replica's gradient.</summary>
    /// <param name="replica">Whose gradient and statistics.</param>
    /// <param name="pulled">The version that it was computed with.</param>
    /// <param name="loss">Of its batch.</param>
    /// <param name="images">In its batch.</param>
    public void Push(Replica replica, long pulled, double loss, int images)
    {
        lock (_gate)
        {
            replica.GiveGradients();
            replica.GiveStatistics();
            _update.Apply(loss, images, staleness: _version - pulled);
            _version++;
        }
    }
}
