using System.Runtime.ExceptionServices;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Modules;

namespace Saccade.Training.Loop;

/// <summary>
/// Synchronous SGD: every replica takes its part of the batch, and one step is made with the mean of their gradients, each counted by
/// what its images count in the loss. Without batch norm that is the gradient of the whole batch; with it each replica normalises by its
/// own part, as in the papers' systems, and the running statistics become the mean of theirs.
/// </summary>
internal sealed class SynchronousReplicas : ITrainingMode
{
    private readonly RunRecord _record;
    private readonly TrainingStep _training;
    private readonly Replica[] _replicas;

    public SynchronousReplicas(TrainingState shared, RunRecord record, TrainingStep training, int count)
    {
        (_record, _training) = (record, training);
        _replicas = [.. Enumerable.Range(0, count).Select(_ => new Replica(shared, record))];
    }

    /// <inheritdoc/>
    public int Takers => 1;

    /// <inheritdoc/>
    public IEnumerable<NetworkModule> Networks => _replicas.Select(replica => replica.Network);

    /// <inheritdoc/>
    public void Run(BatchFeed feed, WeightUpdate update)
    {
        var losses = new double[_replicas.Length];
        ExceptionDispatchInfo? failure = null;
        void Try(Action action)
        {
            try
            {
                if (failure is null)
                    action();
            }
            catch (Exception exception)
            {
                _ = Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
            }
        }

        // Between two batches, when all have done their parts and none has begun the next, one of the threads makes the step.
        var work = feed.Take();
        using Barrier together = new(
            _replicas.Length,
            _ =>
            {
                using (work?.Batch)
                    Try(() => Finish(work!.Value.Batch, losses, update));
                work = null;
                Try(() => work = feed.Take());
            }
        );
        ReplicaThreads.Run(_replicas.Length, _record.Threads, Train, feed.Stop);
        failure?.Throw();

        void Train(int number)
        {
            while (work is var (step, batch))
            {
                Try(() => losses[number] = Compute(number, step, batch));
                together.SignalAndWait();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_replicas, replica => replica.Dispose());

    private double Compute(int number, long step, Batch batch)
    {
        _replicas[number].Pull();
        return _training.Gradients(_replicas[number].Network, batch, Part(number, batch), step, number);
    }

    private void Finish(Batch batch, double[] losses, WeightUpdate update)
    {
        var whole = _training.WeightOf(batch, Range.All);
        double[] weights =
        [
            .. Enumerable.Range(0, _replicas.Length).Select(number => _training.WeightOf(batch, Part(number, batch)) / whole),
        ];
        Replica.GiveMeans(_replicas, weights);
        update.Apply(losses.Zip(weights, (loss, weight) => loss * weight).Sum(), batch.Labels.Length);
    }

    private Range Part(int number, Batch batch) =>
        (batch.Labels.Length * number / _replicas.Length)..(batch.Labels.Length * (number + 1) / _replicas.Length);
}
