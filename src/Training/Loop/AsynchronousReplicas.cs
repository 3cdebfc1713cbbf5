using Saccade.Training.Checkpoints;
using Saccade.Training.Modules;

namespace Saccade.Training.Loop;

/// <summary>
/// Asynchronous SGD with a parameter server (DistBelief; GoogLeNet §6): every replica pulls the weights, computes the gradient of a batch
/// of its own and pushes it, whatever the others have pushed meanwhile. How many that were is the gradient's staleness.
/// </summary>
internal sealed class AsynchronousReplicas : ITrainingMode
{
    private readonly RunRecord _record;
    private readonly TrainingStep _training;
    private readonly Replica[] _replicas;

    public AsynchronousReplicas(TrainingState shared, RunRecord record, TrainingStep training, int count)
    {
        (_record, _training) = (record, training);
        _replicas = [.. Enumerable.Range(0, count).Select(_ => new Replica(shared, record))];
    }

    /// <inheritdoc/>
    public int Takers => _replicas.Length;

    /// <inheritdoc/>
    public IEnumerable<NetworkModule> Networks => _replicas.Select(replica => replica.Network);

    /// <inheritdoc/>
    public void Run(BatchFeed feed, WeightUpdate update)
    {
        ParameterServer server = new(update);
        ReplicaThreads.Run(_replicas.Length, _record.Threads, number => Train(_replicas[number], server, feed), feed.Stop);
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_replicas, replica => replica.Dispose());

    private void Train(Replica replica, ParameterServer server, BatchFeed feed)
    {
        while (feed.Take() is var (step, batch))
        {
            using (batch)
            {
                var version = server.Pull(replica);
                var loss = _training.Gradients(replica.Network, batch, Range.All, step);
                server.Push(replica, version, loss, batch.Labels.Length);
            }
        }
    }
}
