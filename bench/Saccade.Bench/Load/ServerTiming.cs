using System.Globalization;

namespace Saccade.Bench.Load;

/// <summary>The stages in a <c>Server-Timing</c> header (<c>decode;dur=0.7, queue;dur=0.1</c>).</summary>
public static class ServerTiming
{
    private const string Duration = "dur=";
    private const string TotalStage = "total";

    /// <summary>Every metric with a duration.</summary>
    public static IEnumerable<(string Stage, double Milliseconds)> Of(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Server-Timing", out var values) ? values.SelectMany(Parse) : [];

    /// <summary>The metric <c>total</c> of a header value in milliseconds; NaN without one.</summary>
    public static double Total(string? value)
    {
        foreach (var (stage, milliseconds) in Parse(value ?? ""))
        {
            if (stage == TotalStage)
                return milliseconds;
        }

        return double.NaN;
    }

    /// <summary>Parses one header value.</summary>
    public static IEnumerable<(string Stage, double Milliseconds)> Parse(string value)
    {
        foreach (var metric in value.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = metric.Split(';', StringSplitOptions.TrimEntries);
            var duration = parts.Skip(1).FirstOrDefault(part => part.StartsWith(Duration, StringComparison.Ordinal));
            if (
                duration is not null
                && double.TryParse(duration[Duration.Length..], NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds)
            )
                yield return (parts[0], milliseconds);
        }
    }
}
