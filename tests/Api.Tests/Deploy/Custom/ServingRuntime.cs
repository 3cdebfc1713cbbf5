using k8s.Models;

namespace Saccade.Api.Tests.Deploy.Custom;

/// <summary>What deploy/ uses of <c>serving.kserve.io/v1alpha1 ServingRuntime</c>, by KServe's <c>servingruntime_types.go</c>.</summary>
internal sealed class ServingRuntime
{
    public string ApiVersion { get; set; } = "";
    public string Kind { get; set; } = "";
    public V1ObjectMeta Metadata { get; set; } = new();
    public ServingRuntimeSpec Spec { get; set; } = new();

    internal sealed class ServingRuntimeSpec
    {
        public List<SupportedModelFormat> SupportedModelFormats { get; set; } = [];
        public List<string> ProtocolVersions { get; set; } = [];
        public List<V1Container> Containers { get; set; } = [];
        public List<V1Volume> Volumes { get; set; } = [];
        public Dictionary<string, string> Annotations { get; set; } = [];
    }

    internal sealed class SupportedModelFormat
    {
        public string Name { get; set; } = "";
        public string? Version { get; set; }
        public bool? AutoSelect { get; set; }
        public int? Priority { get; set; }
    }
}
