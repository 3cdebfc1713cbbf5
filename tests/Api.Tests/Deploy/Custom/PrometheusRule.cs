using k8s.Models;

namespace Saccade.Api.Tests.Deploy.Custom;

/// <summary>
/// What deploy/ uses of <c>monitoring.coreos.com/v1 PrometheusRule</c>, by prometheus-operator's <c>prometheusrule_types.go</c>.
/// </summary>
internal sealed class PrometheusRule
{
    public string ApiVersion { get; set; } = "";
    public string Kind { get; set; } = "";
    public V1ObjectMeta Metadata { get; set; } = new();
    public RuleFile Spec { get; set; } = new();

    /// <summary>The same as a rule file of Prometheus.</summary>
    internal sealed class RuleFile
    {
        public List<RuleGroup> Groups { get; set; } = [];
    }

    internal sealed class RuleGroup
    {
        public string Name { get; set; } = "";
        public List<Rule> Rules { get; set; } = [];
    }

    internal sealed class Rule
    {
        public string Alert { get; set; } = "";
        public string Expr { get; set; } = "";
        public string? For { get; set; }
        public Dictionary<string, string> Labels { get; set; } = [];
        public Dictionary<string, string> Annotations { get; set; } = [];
    }
}
