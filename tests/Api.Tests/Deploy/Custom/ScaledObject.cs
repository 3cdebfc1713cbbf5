using k8s.Models;

namespace Saccade.Api.Tests.Deploy.Custom;

/// <summary>What deploy/ uses of <c>keda.sh/v1alpha1 ScaledObject</c>, by KEDA's <c>scaledobject_types.go</c>.</summary>
internal sealed class ScaledObject
{
    public string ApiVersion { get; set; } = "";
    public string Kind { get; set; } = "";
    public V1ObjectMeta Metadata { get; set; } = new();
    public ScaledObjectSpec Spec { get; set; } = new();

    internal sealed class ScaledObjectSpec
    {
        public ScaleTarget ScaleTargetRef { get; set; } = new();
        public int? PollingInterval { get; set; }
        public int? MinReplicaCount { get; set; }
        public int? MaxReplicaCount { get; set; }
        public AdvancedConfig Advanced { get; set; } = new();
        public List<ScaleTriggers> Triggers { get; set; } = [];
        public FallbackConfig? Fallback { get; set; }
    }

    internal sealed class ScaleTarget
    {
        public string Name { get; set; } = "";
        public string? ApiVersion { get; set; }
        public string? Kind { get; set; }
    }

    internal sealed class AdvancedConfig
    {
        public AutoscalerConfig HorizontalPodAutoscalerConfig { get; set; } = new();
    }

    internal sealed class AutoscalerConfig
    {
        public V2HorizontalPodAutoscalerBehavior Behavior { get; set; } = new();
    }

    internal sealed class ScaleTriggers
    {
        public string Type { get; set; } = "";
        public string? MetricType { get; set; }

        /// <summary>Texts all: KEDA refuses a number here.</summary>
        public Dictionary<string, string> Metadata { get; set; } = [];
    }

    internal sealed class FallbackConfig
    {
        public int FailureThreshold { get; set; }
        public int Replicas { get; set; }
        public string? Behavior { get; set; }
    }
}
