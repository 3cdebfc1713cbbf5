using System.Globalization;
using System.Text;
using k8s;
using k8s.Models;
using Saccade.Api.Tests.Deploy.Custom;
using Saccade.Inference.Telemetry;

namespace Saccade.Api.Tests.Deploy;

/// <summary>What replicas are scaled by exists, its PromQL means what it should, and both autoscalers have one rule.</summary>
public sealed class AutoscalingTests : IDisposable
{
    private static readonly string Wait = Prometheus.NameOf(InstrumentNames.QueueWait, "s");
    private static readonly string Sessions = Prometheus.NameOf(InstrumentNames.Sessions);

    private static readonly List<AdapterRule> Rules = KubernetesYaml
        .Deserialize<AdapterValues>(Repository.Read("deploy", "kubernetes", "prometheus-adapter", "values.yaml"), strict: true)
        .Rules.Custom;

    private readonly string _folder = Directory.CreateTempSubdirectory("saccade-promql-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AdapterRules_ReadInstrumentsThatThereAre()
    {
        Assert.Equal([Wait, Sessions], Rules.Select(static rule => rule.SeriesQuery.Split('{')[0]));
        Assert.All(Rules, static rule => Assert.Equal($"^{rule.SeriesQuery.Split('{')[0]}$", rule.Name.Matches));
    }

    [KubectlTheory]
    [InlineData("cpu")]
    [InlineData("nvidia")]
    public void Autoscaler_Metrics_AreThoseOfTheAdapter(string overlay)
    {
        var autoscaler = Manifest.Single<V2HorizontalPodAutoscaler>(Manifest.Overlay(overlay)).Spec;
        var deployment = Manifest.Single<V1Deployment>(Manifest.Overlay(overlay));
        var pods = autoscaler
            .Metrics.Where(static metric => metric.Type == "Pods")
            .Select(static metric => metric.Pods.Metric.Name)
            .ToList();

        Assert.Contains(Rules[0].Name.As, pods);
        Assert.All(pods, static name => Assert.Contains(name, Rules.Select(static rule => rule.Name.As)));
        Assert.Equal(deployment.Metadata.Name, autoscaler.ScaleTargetRef.Name);
        Assert.Null(deployment.Spec.Replicas);
        Assert.InRange(autoscaler.MinReplicas!.Value, 2, autoscaler.MaxReplicas);
    }

    [KubectlFact]
    public void Keda_ScalesAsTheAutoscalerDoes()
    {
        var autoscaler = Manifest.Single<V2HorizontalPodAutoscaler>(Manifest.Overlay("cpu")).Spec;
        var keda = Manifest.Single<ScaledObject>(Manifest.Overlay("keda")).Spec;
        var wait = keda.Triggers.Single(static trigger => trigger.Type == "prometheus");
        var processor = keda.Triggers.Single(static trigger => trigger.Type == "cpu");

        Assert.Equal(
            autoscaler.Metrics.Single(static metric => metric.Type == "Pods").Pods.Target.AverageValue.ToDecimal(),
            decimal.Parse(wait.Metadata["threshold"], CultureInfo.InvariantCulture)
        );
        Assert.Equal(
            autoscaler.Metrics.Single(static metric => metric.Type == "Resource").Resource.Target.AverageUtilization,
            int.Parse(processor.Metadata["value"], CultureInfo.InvariantCulture)
        );
        Assert.Equal((autoscaler.MinReplicas, autoscaler.MaxReplicas), (keda.MinReplicaCount, keda.MaxReplicaCount));
        Assert.Equal(
            KubernetesYaml.Serialize(autoscaler.Behavior),
            KubernetesYaml.Serialize(keda.Advanced.HorizontalPodAutoscalerConfig.Behavior)
        );
        // A fallback is for triggers with an average only.
        Assert.Equal("AverageValue", wait.MetricType);
        Assert.Null(Manifest.Single<V1Deployment>(Manifest.Overlay("keda")).Spec.Replicas);
    }

    /// <summary>Two replicas: one with two models, of which the slower counts, and one whose wait has just been measured.</summary>
    [PromtoolFact]
    public void Queries_OnSeriesMadeUp_AreTheWaitOfEachReplicaAndTheirSum()
    {
        var query = Tool.NoKubectl is null
            ? Manifest.Single<ScaledObject>(Manifest.Overlay("keda")).Spec.Triggers[0].Metadata["query"]
            : KubernetesYaml
                .Deserialize<ScaledObject>(Repository.Read("deploy", "kubernetes", "overlays", "keda", "scaled-object.yaml"))
                .Spec.Triggers[0]
                .Metadata["query"];
        var labels = """namespace="saccade", job="saccade" """.Trim();
        Evaluate(
            [
                $"{Wait}{{{labels}, pod=\"a\", model=\"fast\", version=\"1\"}}: 0.01x20",
                $"{Wait}{{{labels}, pod=\"a\", model=\"slow\", version=\"1\"}}: 0.05x20",
                $"{Wait}{{{labels}, pod=\"b\", model=\"fast\", version=\"1\"}}: 0.03x20",
                $"{Wait}{{namespace=\"other\", job=\"saccade\", pod=\"c\", model=\"fast\", version=\"1\"}}: 9x20",
                $"{Sessions}{{{labels}, pod=\"a\", model=\"fast\", version=\"1\", state=\"busy\"}}: 2x20",
                $"{Sessions}{{{labels}, pod=\"a\", model=\"slow\", version=\"1\", state=\"busy\"}}: 1x20",
                $"{Sessions}{{{labels}, pod=\"a\", model=\"slow\", version=\"1\", state=\"idle\"}}: 1x20",
                $"{Sessions}{{{labels}, pod=\"a\", model=\"slow\", version=\"1\", state=\"unhealthy\"}}: 1x20",
            ],
            [
                (query, [("", 0.08)]),
                (Filled(Rules[0], Wait), [("pod=\"a\"", 0.05), ("pod=\"b\"", 0.03)]),
                (Filled(Rules[1], Sessions), [("pod=\"a\"", 0.75)]),
            ]
        );
    }

    // As the adapter fills it in for the pods of a namespace.
    private static string Filled(AdapterRule rule, string series) =>
        rule
            .MetricsQuery.Replace("<<.Series>>", series, StringComparison.Ordinal)
            .Replace("<<.LabelMatchers>>", "namespace=\"saccade\",pod=~\"a|b\"", StringComparison.Ordinal)
            .Replace("<<.GroupBy>>", "pod", StringComparison.Ordinal);

    private void Evaluate(string[] series, (string Query, (string Labels, double Value)[] Samples)[] expected)
    {
        var rules = new StringBuilder("rule_files: []\nevaluation_interval: 5s\ntests:\n  - interval: 5s\n    input_series:\n");
        foreach (var one in series)
        {
            var split = one.LastIndexOf("}: ", StringComparison.Ordinal) + 1;
            rules.Append(CultureInfo.InvariantCulture, $"      - {{ series: '{one[..split]}', values: '{one[(split + 2)..]}' }}\n");
        }

        rules.Append("    promql_expr_test:\n");
        foreach (var (query, samples) in expected)
        {
            rules.Append(CultureInfo.InvariantCulture, $"      - expr: '{query}'\n        eval_time: 90s\n        exp_samples:\n");
            foreach (var (labels, value) in samples)
                rules.Append(CultureInfo.InvariantCulture, $"          - {{ labels: '{{{labels}}}', value: {value} }}\n");
        }

        var file = Path.Combine(_folder, "queries.test.yml");
        File.WriteAllText(file, rules.ToString());
        Assert.Contains("SUCCESS", Tool.Run("promtool", "test", "rules", file), StringComparison.Ordinal);
    }

    internal sealed class AdapterValues
    {
        public RuleSet Rules { get; set; } = new();
    }

    internal sealed class RuleSet
    {
        public List<AdapterRule> Custom { get; set; } = [];
    }

    /// <summary>One rule of prometheus-adapter, by its <c>docs/config.md</c>.</summary>
    internal sealed class AdapterRule
    {
        public string SeriesQuery { get; set; } = "";
        public Resources Resources { get; set; } = new();
        public NameRule Name { get; set; } = new();
        public string MetricsQuery { get; set; } = "";
    }

    internal sealed class Resources
    {
        public Dictionary<string, GroupResource> Overrides { get; set; } = [];
    }

    internal sealed class GroupResource
    {
        public string? Group { get; set; }
        public string Resource { get; set; } = "";
    }

    internal sealed class NameRule
    {
        public string Matches { get; set; } = "";
        public string As { get; set; } = "";
    }

    /// <summary>A test that evaluates PromQL. Skipped, saying why, where promtool is missing.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class PromtoolFactAttribute : FactAttribute
    {
        public PromtoolFactAttribute() => Skip = Tool.NoPromtool;
    }
}
