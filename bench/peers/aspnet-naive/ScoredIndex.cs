namespace Saccade.Bench.NaivePeer;

/// <summary>A class and how likely it is.</summary>
/// <param name="Index">Its place in the network's output.</param>
/// <param name="Probability">After softmax.</param>
internal sealed record ScoredIndex(int Index, double Probability);
