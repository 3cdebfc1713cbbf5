namespace Saccade.Training.Evaluation;

/// <summary>
/// Whether probabilities mean what they say: answers are sorted into bins by the probability they were given with, and in each bin the mean
/// probability is held against the share that was right (Guo et al. 2017, §2, with 15 bins as there).
/// </summary>
public sealed class ReliabilityBins
{
    private const int Bins = 15;

    private readonly long[] _answers = new long[Bins];
    private readonly long[] _right = new long[Bins];
    private readonly double[] _probability = new double[Bins];

    /// <summary>The bins that have answers, from the lowest probability up.</summary>
    public IReadOnlyList<ReliabilityBin> Filled =>
        [
            .. Enumerable
                .Range(0, Bins)
                .Where(bin => _answers[bin] > 0)
                .Select(bin => new ReliabilityBin(
                    bin,
                    _answers[bin],
                    _probability[bin] / _answers[bin],
                    (double)_right[bin] / _answers[bin]
                )),
        ];

    /// <summary>The mean difference, each bin counting by its answers: 0 to 1; 0 while there are none.</summary>
    public double Error
    {
        get
        {
            var all = _answers.Sum();
            return all == 0 ? 0 : Enumerable.Range(0, Bins).Sum(bin => Math.Abs(_right[bin] - _probability[bin])) / all;
        }
    }

    /// <summary>Adds one answer to its bin.</summary>
    /// <param name="probability">What it was given with, 0 to 1.</param>
    /// <param name="right">Whether it was right.</param>
    public void Add(double probability, bool right)
    {
        // A score that is no probability is not this class's business; it must only not break the counting.
        var bin = (int)Math.Clamp(Math.Ceiling(probability * Bins) - 1, 0, Bins - 1);
        _answers[bin]++;
        _probability[bin] += probability;
        if (right)
            _right[bin]++;
    }
}

/// <summary>Answers with about the same probability.</summary>
/// <param name="Index">Which bin, from 0 for the lowest probability.</param>
/// <param name="Answers">How many, at least one.</param>
/// <param name="Probability">Mean of what they were given with, 0 to 1.</param>
/// <param name="Right">Share of them that was right, 0 to 1.</param>
public sealed record ReliabilityBin(int Index, long Answers, double Probability, double Right);
