using System.Text.RegularExpressions;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>UCUM units as Prometheus writes them: <c>ms</c> is <c>milliseconds</c>, <c>By/s</c> is <c>bytes_per_second</c>, <c>{crop}</c> is nothing.</summary>
internal static partial class MetricUnits
{
    private static readonly Dictionary<string, string> Plural = new(StringComparer.Ordinal)
    {
        ["d"] = "days", ["h"] = "hours", ["min"] = "minutes", ["s"] = "seconds",
        ["ms"] = "milliseconds", ["us"] = "microseconds", ["ns"] = "nanoseconds",
        ["By"] = "bytes", ["KiBy"] = "kibibytes", ["MiBy"] = "mebibytes", ["GiBy"] = "gibibytes", ["TiBy"] = "tibibytes",
        ["KBy"] = "kilobytes", ["MBy"] = "megabytes", ["GBy"] = "gigabytes", ["TBy"] = "terabytes",
        ["B"] = "bytes", ["KB"] = "kilobytes", ["MB"] = "megabytes", ["GB"] = "gigabytes", ["TB"] = "terabytes",
        ["m"] = "meters", ["V"] = "volts", ["A"] = "amperes", ["J"] = "joules", ["W"] = "watts", ["g"] = "grams",
        ["Cel"] = "celsius", ["Hz"] = "hertz", ["1"] = "", ["%"] = "percent", ["$"] = "dollars",
    };

    private static readonly Dictionary<string, string> Singular = new(StringComparer.Ordinal)
    {
        ["s"] = "second", ["m"] = "minute", ["h"] = "hour", ["d"] = "day", ["w"] = "week", ["mo"] = "month", ["y"] = "year",
    };

    /// <returns>Empty where there is no unit to speak of.</returns>
    public static string ToSuffix(string? unit)
    {
        if (string.IsNullOrEmpty(unit))
        {
            return "";
        }

        string bare = Annotation().Replace(unit, "");
        int slash = bare.IndexOf('/', StringComparison.Ordinal);
        string words = slash >= 0 && slash < bare.Length - 1
            ? $"{Plural.GetValueOrDefault(bare[..slash], bare[..slash])}_per_{Singular.GetValueOrDefault(bare[(slash + 1)..], bare[(slash + 1)..])}"
            : Plural.GetValueOrDefault(bare, bare);
        return NotAllowed().Replace(words, "_").Trim('_');
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Annotation();

    [GeneratedRegex("[^a-zA-Z0-9:]+")]
    private static partial Regex NotAllowed();
}
