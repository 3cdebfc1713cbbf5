using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Writes one exposition, in the Prometheus text format or in OpenMetrics.</summary>
internal sealed class ExpositionWriter(bool openMetrics, bool scopeInfo)
{
    private const int ExemplarLabelLimit = 128;

    private readonly StringBuilder _text = new();

    public string Finish() => (openMetrics ? _text.Append("# EOF\n") : _text).ToString();

    public void WriteTargetInfo(Resource resource)
    {
        var labels = new LabelSet();
        bool any = false;
        foreach (KeyValuePair<string, object> attribute in resource.Attributes)
        {
            labels.Add(attribute.Key, attribute.Value);
            any = true;
        }

        if (any)
        {
            string name = openMetrics ? "target" : "target_info";
            Line($"# TYPE {name} {(openMetrics ? "info" : "gauge")}");
            Line($"# HELP {name} Target metadata");
            _text.Append("target_info{");
            labels.WriteTo(_text);
            Line("} 1");
        }
    }

    public void WriteFamily(MetricFamily family)
    {
        Line($"# TYPE {family.Name} {family.Kind.Text()}");
        if (openMetrics && family.Unit is not null)
        {
            Line($"# UNIT {family.Name} {family.Unit}");
        }

        if (family.Help is not null)
        {
            _text.Append("# HELP ").Append(family.Name).Append(' ').AppendEscaped(family.Help, quotes: openMetrics).Append('\n');
        }

        foreach ((Metric metric, MetricNames names) in family.Members)
        {
            foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
            {
                if (family.Kind == MetricKind.Histogram)
                {
                    WriteHistogram(family.Name, LabelsOf(metric, point.Tags, reserved: "le"), in point);
                }
                else
                {
                    WriteNumber(family, openMetrics ? names.OpenMetrics : names.Text, LabelsOf(metric, point.Tags, reserved: null), metric.MetricType, in point);
                }
            }
        }
    }

    private void WriteNumber(MetricFamily family, string name, string labels, MetricType type, in MetricPoint point)
    {
        bool isLong = type is MetricType.LongSum or MetricType.LongSumNonMonotonic or MetricType.LongGauge;
        string value = type switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => Integer(point.GetSumLong()),
            MetricType.LongGauge => Integer(point.GetGaugeLastValueLong()),
            MetricType.DoubleGauge => ExpositionText.OfValue(point.GetGaugeLastValueDouble()),
            _ => ExpositionText.OfValue(point.GetSumDouble()),
        };
        _text.Append($"{name}{{{labels}}} {value}");
        if (openMetrics && family.Kind == MetricKind.Counter)
        {
            WriteExemplar(in point, double.NegativeInfinity, double.PositiveInfinity, isLong);
            Line("");
            WriteCreated(family.Name, labels, in point);
            return;
        }

        Line("");
    }

    private void WriteHistogram(string name, string labels, in MetricPoint point)
    {
        string comma = labels.Length > 0 ? "," : "";
        double below = double.NegativeInfinity;
        bool negative = false;
        long count = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            negative |= bucket.ExplicitBound < 0;
            string bound = openMetrics ? ExpositionText.OfCanonical(bucket.ExplicitBound) : ExpositionText.OfValue(bucket.ExplicitBound);
            _text.Append($"{name}_bucket{{{labels}{comma}le=\"{bound}\"}} {Integer(count)}");
            if (openMetrics)
            {
                WriteExemplar(in point, below, bucket.ExplicitBound, isLong: false);
            }

            Line("");
            below = bucket.ExplicitBound;
        }

        // OpenMetrics: a histogram with negative bounds must expose neither.
        if (!openMetrics || !negative)
        {
            Line($"{name}_sum{{{labels}}} {ExpositionText.OfValue(point.GetHistogramSum())}");
            Line($"{name}_count{{{labels}}} {Integer(point.GetHistogramCount())}");
        }

        if (openMetrics)
        {
            WriteCreated(name, labels, in point);
        }
    }

    /// <summary>The latest exemplar whose value lies above <paramref name="below"/> and not above <paramref name="bound"/>, if there is one.</summary>
    private void WriteExemplar(in MetricPoint point, double below, double bound, bool isLong)
    {
        Exemplar? latest = null;
        if (point.TryGetExemplars(out ReadOnlyExemplarCollection exemplars))
        {
            foreach (ref readonly Exemplar exemplar in exemplars)
            {
                bool inside = isLong || (exemplar.DoubleValue <= bound && (exemplar.DoubleValue > below || double.IsNegativeInfinity(exemplar.DoubleValue)));
                if (inside && (latest is null || latest.Value.Timestamp <= exemplar.Timestamp))
                {
                    latest = exemplar;
                }
            }
        }

        if (latest is { } found)
        {
            _text.Append(" # {");
            LabelsOf(in found).WriteTo(_text, ExemplarLabelLimit);
            string value = isLong ? Integer(found.LongValue) : ExpositionText.OfValue(found.DoubleValue);
            _text.Append($"}} {value} {ExpositionText.OfTime(found.Timestamp)}");
        }
    }

    private static LabelSet LabelsOf(in Exemplar exemplar)
    {
        var labels = new LabelSet();
        if (exemplar.TraceId != default)
        {
            labels.Add("trace_id", exemplar.TraceId.ToHexString());
        }

        if (exemplar.SpanId != default)
        {
            labels.Add("span_id", exemplar.SpanId.ToHexString());
        }

        foreach (KeyValuePair<string, object?> tag in exemplar.FilteredTags)
        {
            if (LabelSet.Sanitize(tag.Key) is not ("trace_id" or "span_id"))
            {
                labels.Add(tag.Key, tag.Value);
            }
        }

        return labels;
    }

    private string LabelsOf(Metric metric, ReadOnlyTagCollection tags, string? reserved)
    {
        var labels = new LabelSet();
        if (scopeInfo)
        {
            ScopeLabels.AddTo(labels, metric);
        }

        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (reserved is null || LabelSet.Sanitize(tag.Key) != reserved)
            {
                labels.Add(tag.Key, tag.Value);
            }
        }

        var text = new StringBuilder();
        labels.WriteTo(text);
        return text.ToString();
    }

    private void WriteCreated(string name, string labels, in MetricPoint point)
        => Line($"{name}_created{{{labels}}} {ExpositionText.OfTime(point.StartTime)}");

    private void Line(string text) => _text.Append(text).Append('\n');

    private static string Integer(long value) => value.ToString(CultureInfo.InvariantCulture);
}
