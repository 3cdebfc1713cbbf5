namespace Saccade.Inference.Aggregation;

/// <summary>One class with its score.</summary>
/// <param name="Index">Position in the model's output, from 0.</param>
/// <param name="Score">Its probability.</param>
public readonly record struct ScoredClass(int Index, float Score);
