namespace Saccade.Training.Loop;

/// <summary>One line of the log.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="LearningRate">Of the epoch's last step.</param>
/// <param name="Loss">Mean training loss of the main head.</param>
/// <param name="Top1">Held-out top-1 of the trained weights; null in epochs that are not evaluated.</param>
/// <param name="Top1Averaged">Held-out top-1 of the averaged weights; null where there are none.</param>
/// <param name="ImagesPerSecond">While training, evaluation not counted.</param>
/// <param name="WaitingShare">Share of that time spent waiting for data.</param>
/// <param name="Seconds">Wall time of the epoch with its evaluation.</param>
public sealed record EpochResult(
    int Epoch,
    double LearningRate,
    double Loss,
    double? Top1,
    double? Top1Averaged,
    double ImagesPerSecond,
    double WaitingShare,
    double Seconds
)
{
    /// <summary>Steps that others made between the reading of the weights and the use of the gradient, on average; null but for
    /// asynchronous replicas.</summary>
    public double? StalenessMean { get; init; }

    /// <summary>The largest number of such steps.</summary>
    public long? StalenessMax { get; init; }

    /// <summary>Held-out cross-entropy of the weights to use; null in epochs that are not evaluated.</summary>
    public double? HeldOutLoss { get; init; }

    /// <summary>Whether the averaged weights are the ones to use: there are some, and they are ripe
    /// (<see cref="Recipes.WeightAverage.IsRipe"/>).</summary>
    public bool UsesAverage { get; init; }

    /// <summary>Held-out top-1 of the weights to use.</summary>
    public double? Top1Used => UsesAverage ? Top1Averaged : Top1;
}
