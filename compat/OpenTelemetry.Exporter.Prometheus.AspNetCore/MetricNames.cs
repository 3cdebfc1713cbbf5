using System.Text;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>
/// A metric's names: letters, digits, colons and underscores; the unit as suffix; <c>_total</c> for counters.
/// OpenTelemetry specification, "Prometheus and OpenMetrics compatibility".
/// </summary>
/// <param name="Text">In the Prometheus text format, for samples and metadata.</param>
/// <param name="OpenMetrics">In OpenMetrics, for samples.</param>
/// <param name="OpenMetricsFamily">In OpenMetrics, for metadata and before suffixes: without <c>_total</c>.</param>
/// <param name="Unit">As suffix, or empty.</param>
internal sealed record MetricNames(string Text, string OpenMetrics, string OpenMetricsFamily, string Unit)
{
    private const string Total = "_total";

    public static MetricNames Of(string name, string unit, MetricKind kind, bool withoutTotalSuffix)
    {
        bool counter = kind == MetricKind.Counter;
        string suffix = MetricUnits.ToSuffix(unit);
        string text = Sanitize(name);
        string family = counter ? WithoutTotal(name) : name;
        if (suffix.Length > 0)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal) && !(counter && text.EndsWith(suffix + Total, StringComparison.Ordinal)))
            {
                text += $"_{suffix}";
            }

            if (!family.EndsWith(suffix, StringComparison.Ordinal))
            {
                family += $"_{suffix}";
            }
        }

        family = Sanitize(family);
        if (!counter)
        {
            return new MetricNames(text, family, family, suffix);
        }

        text += withoutTotalSuffix || text.EndsWith(Total, StringComparison.Ordinal) ? "" : Total;
        family = WithoutTotal(family);
        return new MetricNames(text, family + Total, family, suffix);
    }

    /// <summary>Everything else becomes an underscore, runs of them one; so does a leading digit.</summary>
    private static string Sanitize(string name)
    {
        var result = new StringBuilder(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            bool kept = (char.IsAsciiLetterOrDigit(name[i]) || name[i] == ':') && !(i == 0 && char.IsAsciiDigit(name[i]));
            if (kept)
            {
                result.Append(name[i]);
            }
            else if (result.Length == 0 || result[^1] != '_')
            {
                result.Append('_');
            }
        }

        return result.ToString();
    }

    private static string WithoutTotal(string name) => name.EndsWith(Total, StringComparison.Ordinal) ? name[..^Total.Length] : name;
}
