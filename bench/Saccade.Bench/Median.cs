namespace Saccade.Bench;

/// <summary>The middle value: one disturbed round does not move it.</summary>
internal static class Median
{
    /// <summary>Of any number of values; the mean of the two middle ones of an even number, NaN of none.</summary>
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
            return double.NaN;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
