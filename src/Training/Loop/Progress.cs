namespace Saccade.Training.Loop;

/// <summary>How far a run is.</summary>
public sealed class Progress
{
    /// <summary>Steps done since the run began, over all its parts.</summary>
    public long Step { get; set; }

    /// <summary>Sum of the losses of the current epoch's images so far.</summary>
    public double LossSum { get; set; }

    /// <summary>Images of the current epoch so far.</summary>
    public long Images { get; set; }

    /// <summary>Sum of the staleness of the current epoch's gradients so far; 0 without asynchronous replicas.</summary>
    public long StalenessSum { get; set; }

    /// <summary>Largest staleness of a gradient of the current epoch so far.</summary>
    public long StalenessMax { get; set; }

    /// <summary>Best held-out top-1 of the weights to use so far.</summary>
    public double BestTop1 { get; set; }

    /// <summary>Held-out loss of the weights that did best; null before the first measurement.</summary>
    public double? BestLoss { get; set; }

    /// <summary>The epoch, from 1, of the weights that did best; 0 before the first measurement.</summary>
    public int BestEpoch { get; set; }
}
