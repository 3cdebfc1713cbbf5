namespace Saccade.Training.Evaluation;

/// <summary>A wrong answer.</summary>
/// <param name="Image">Index of the image in its source.</param>
/// <param name="Actual">Its class.</param>
/// <param name="Predicted">The class that it was taken for.</param>
/// <param name="Probability">What the answer was given with.</param>
public sealed record Mistake(int Image, int Actual, int Predicted, float Probability)
{
    /// <summary>The highest probability first, then the first image.</summary>
    internal static IComparer<Mistake> WorstFirst { get; } =
        Comparer<Mistake>.Create(
            (one, other) => other.Probability.CompareTo(one.Probability) is not 0 and var order ? order : one.Image.CompareTo(other.Image)
        );
}
