using System.Globalization;

namespace Saccade.Training.Data;

/// <summary>Numbers of things in a sentence.</summary>
internal static class Plural
{
    /// <summary>As in "1 image" and "1,200 images".</summary>
    public static string Of(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
