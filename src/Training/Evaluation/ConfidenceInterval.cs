namespace Saccade.Training.Evaluation;

/// <summary>How far a share that was counted may be from the true one.</summary>
internal static class ConfidenceInterval
{
    private const double Z = 1.959964; // of 95 %

    /// <summary>Wilson's score interval at 95 %, which holds for few images and for shares near 0 and 1 too.</summary>
    /// <param name="share">What was counted, 0 to 1.</param>
    /// <param name="images">Of how many, at least 1.</param>
    /// <returns>Between 0 and 1.</returns>
    public static (double Low, double High) Of(double share, long images)
    {
        var spread = Z * Z / images;
        var middle = (share + (spread / 2)) / (1 + spread);
        var half = Z / (1 + spread) * Math.Sqrt((share * (1 - share) / images) + (spread / (4 * images)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
