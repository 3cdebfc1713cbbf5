using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>One of the text formats a scraper may ask for.</summary>
internal sealed record ScrapeFormat(bool OpenMetrics, string Version)
{
    private const string OpenMetricsType = "application/openmetrics-text";
    private const string TextType = "text/plain";

    /// <summary>Names are made of letters, digits and underscores whatever the scraper offers; formats from 1.0.0 on must say so.</summary>
    private static readonly string[] KnownEscapings = ["allow-utf-8", "dots", "underscores", "values"];

    public static ScrapeFormat Text { get; } = new(false, "0.0.4");

    public string ContentType =>
        $"{(OpenMetrics ? OpenMetricsType : TextType)}; version={Version}; charset=utf-8{(Version == "1.0.0" ? "; escaping=underscores" : "")}";

    /// <returns>The format of the highest quality, the first of equals; without any that is known, the Prometheus text format 0.0.4.</returns>
    public static ScrapeFormat Negotiate(IList<MediaTypeHeaderValue>? accepted)
    {
        ScrapeFormat best = Text;
        double bestQuality = 0;
        foreach (MediaTypeHeaderValue type in accepted ?? [])
        {
            if (TryParse(type, out ScrapeFormat? format, out double quality) && quality > bestQuality)
            {
                (best, bestQuality) = (format, quality);
            }
        }

        return best;
    }

    private static bool TryParse(MediaTypeHeaderValue type, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ScrapeFormat? format, out double quality)
    {
        format = null;
        quality = 1;
        bool openMetrics = type.MediaType.Equals(OpenMetricsType, StringComparison.OrdinalIgnoreCase);
        if (!openMetrics && !type.MediaType.Equals(TextType, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        string version = openMetrics ? "1.0.0" : "0.0.4";
        foreach (NameValueHeaderValue parameter in type.Parameters)
        {
            string value = parameter.Value.Value?.Trim('"') ?? "";
            bool known = parameter.Name.Value?.ToLowerInvariant() switch
            {
                "q" => double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out quality) && quality is > 0 and <= 1,
                "version" => value == "1.0.0" || value == (openMetrics ? "0.0.1" : "0.0.4"),
                "escaping" => KnownEscapings.Contains(value),
                _ => true,
            };
            if (!known)
            {
                return false;
            }

            version = parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase) ? value : version;
        }

        format = new ScrapeFormat(openMetrics, version);
        return true;
    }
}
