using System.Text.RegularExpressions;
using k8s;
using Saccade.Api.Tests.Deploy.Custom;

namespace Saccade.Api.Tests.Deploy;

/// <summary>One set of alerts, with and without Kubernetes, and a section of docs/production.md for each.</summary>
public sealed partial class AlertsTests
{
    private const string Runbook = "runbook_url";

    private static readonly IReadOnlyList<PrometheusRule.Rule> Alerts = Rules(
        KubernetesYaml.Deserialize<PrometheusRule.RuleFile>(Repository.Read("deploy", "prometheus", "alerts.yml"), strict: true)
    );

    private static readonly IReadOnlyList<PrometheusRule.Rule> InKubernetes = Rules(
        KubernetesYaml
            .Deserialize<PrometheusRule>(Repository.Read("deploy", "kubernetes", "components", "monitoring", "alerts.yaml"), strict: true)
            .Spec
    );

    [Fact]
    public void Alerts_InKubernetes_AreTheOthersWithARunbook()
    {
        Assert.NotEmpty(Alerts);
        Assert.Equal(Alerts.Select(Text), InKubernetes.Select(Text));
    }

    [Fact]
    public void Runbook_OfEveryAlert_IsASectionOfItsOwn()
    {
        var sections = Heading()
            .Matches(Repository.Read("docs", "production.md"))
            .Select(static heading => heading.Groups["name"].Value)
            .ToList();

        Assert.Equal(Alerts.Select(static alert => alert.Alert), sections);
        Assert.All(
            InKubernetes,
            static alert =>
                Assert.Equal($"https://docs.example.com/production.md#{alert.Alert.ToLowerInvariant()}", alert.Annotations[Runbook])
        );
    }

    private static List<PrometheusRule.Rule> Rules(PrometheusRule.RuleFile file) => Assert.Single(file.Groups).Rules;

    private static string Text(PrometheusRule.Rule rule) =>
        string.Join(
            '\n',
            [
                rule.Alert,
                rule.Expr,
                rule.For ?? "",
                .. Sorted(rule.Labels),
                .. Sorted(rule.Annotations).Where(static line => !line.StartsWith(Runbook, StringComparison.Ordinal)),
            ]
        );

    private static IEnumerable<string> Sorted(Dictionary<string, string> pairs) =>
        pairs.Select(static pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^### (?<name>Saccade\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Heading();
}
