using System.Globalization;
using System.Text;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Numbers and strings as the text formats write them.</summary>
internal static class ExpositionText
{
    /// <summary>The shortest digits that read back as the same number.</summary>
    public static string OfValue(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>OpenMetrics' canonical number: Go's <c>%g</c>, with <c>.0</c> where there would be neither point nor exponent.</summary>
    public static string OfCanonical(double value)
    {
        if (!double.IsFinite(value))
        {
            return OfValue(value);
        }

        if (value == 0)
        {
            return "0.0";
        }

        string shortest = value.ToString(CultureInfo.InvariantCulture);
        if (Math.Abs(value) is >= 1e-4 and < 1e6)
        {
            return shortest.Contains('.', StringComparison.Ordinal) ? shortest : $"{shortest}.0";
        }

        string scientific = value.ToString($"E{SignificantDigits(shortest) - 1}", CultureInfo.InvariantCulture);
        int e = scientific.IndexOf('E', StringComparison.Ordinal);
        int exponent = int.Parse(scientific.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{scientific[..e]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    public static string OfLabel(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        float number => OfCanonical(number),
        double number => OfCanonical(number),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    public static string OfTime(DateTimeOffset time) => OfValue((time.UtcDateTime.Ticks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerSecond);

    public static StringBuilder AppendEscaped(this StringBuilder target, string text, bool quotes)
    {
        foreach (char letter in text)
        {
            _ = letter switch
            {
                '\\' => target.Append("\\\\"),
                '\n' => target.Append("\\n"),
                '"' when quotes => target.Append("\\\""),
                _ => target.Append(letter),
            };
        }

        return target;
    }

    private static int SignificantDigits(string number)
    {
        int e = number.IndexOf('E', StringComparison.Ordinal);
        string mantissa = e < 0 ? number : number[..e];
        return string.Concat(mantissa.Where(char.IsAsciiDigit)).Trim('0').Length;
    }
}
