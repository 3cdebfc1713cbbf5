using Saccade.Training.Checkpoints;

namespace Saccade.Training.Loop;

/// <summary>
/// Asynchronous SGD with a parameter server (DistBelief; GoogLeNet §6): every replica pulls the weights, computes the gradient of a batch
/// of its own and pushes it, whatever the others have pushed meanwhile. How many that were is the gradient's staleness.
/// </summary>
internal sealed class AsynchronousReplicas : ITrainingMode
{
    private readonly RunRecord _record;
    private readonly Replica[] _replicas;

    public AsynchronousReplicas(TrainingState shared, RunRecord record, int count)
    {
        _record = record;
        _replicas = [.. Enumerable.Range(0, count).Select(_ => new Replica(shared, record))];
    }

    /// <inheritdoc/>
    public int Takers => _replicas.Length;

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
                var seed = TrainingStep.DropoutSeed(_record.Seed, step);
                var loss = TrainingStep.Gradients(replica.Network, batch, Range.All, _record.Recipe, seed);
                server.Push(replica, version, loss, batch.Labels.Length);
            }
        }
    }
}
