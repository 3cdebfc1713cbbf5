using k8s.Models;

namespace Saccade.Api.Tests.Deploy.Custom;

/// <summary>
/// What deploy/ uses of <c>monitoring.coreos.com/v1 ServiceMonitor</c>, by prometheus-operator's <c>servicemonitor_types.go</c> and its
/// <c>Endpoint</c>.
/// </summary>
internal sealed class ServiceMonitor
{
    public string ApiVersion { get; set; } = "";
    public string Kind { get; set; } = "";
    public V1ObjectMeta Metadata { get; set; } = new();
    public ServiceMonitorSpec Spec { get; set; } = new();

    internal sealed class ServiceMonitorSpec
    {
        public string? JobLabel { get; set; }
        public List<Endpoint> Endpoints { get; set; } = [];
        public V1LabelSelector Selector { get; set; } = new();
    }

    internal sealed class Endpoint
    {
        public string? Port { get; set; }
        public string? Path { get; set; }
        public string? Interval { get; set; }
        public string? ScrapeTimeout { get; set; }
    }
}
