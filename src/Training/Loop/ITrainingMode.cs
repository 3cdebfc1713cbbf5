using Saccade.Training.Modules;

namespace Saccade.Training.Loop;

/// <summary>Who computes the gradients of a run, and when the weights move.</summary>
internal interface ITrainingMode : IDisposable
{
    /// <summary>How many threads take batches.</summary>
    int Takers { get; }

    /// <summary>The networks that gradients are computed with.</summary>
    IEnumerable<NetworkModule> Networks { get; }

    /// <summary>Trains on batches until the feed ends. When it returns, every batch taken has moved the weights.</summary>
    void Run(BatchFeed feed, WeightUpdate update);
}
