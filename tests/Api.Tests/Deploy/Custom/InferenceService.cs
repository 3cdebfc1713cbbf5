using k8s.Models;

namespace Saccade.Api.Tests.Deploy.Custom;

/// <summary>
/// What deploy/ uses of <c>serving.kserve.io/v1beta1 InferenceService</c>, by KServe's <c>predictor.go</c>, <c>component.go</c> and
/// <c>predictor_model.go</c>.
/// </summary>
internal sealed class InferenceService
{
    public string ApiVersion { get; set; } = "";
    public string Kind { get; set; } = "";
    public V1ObjectMeta Metadata { get; set; } = new();
    public InferenceServiceSpec Spec { get; set; } = new();

    internal sealed class InferenceServiceSpec
    {
        public PredictorSpec Predictor { get; set; } = new();
    }

    internal sealed class PredictorSpec
    {
        public int? MinReplicas { get; set; }
        public int MaxReplicas { get; set; }
        public string? ScaleMetric { get; set; }
        public int? ScaleTarget { get; set; }
        public long? Timeout { get; set; }
        public long? CanaryTrafficPercent { get; set; }
        public long? TerminationGracePeriodSeconds { get; set; }
        public ModelSpec Model { get; set; } = new();
        public List<StorageLocation> StorageUris { get; set; } = [];
    }

    internal sealed class ModelSpec
    {
        public ModelFormat ModelFormat { get; set; } = new();
        public string? Runtime { get; set; }
        public string? ProtocolVersion { get; set; }
        public string? StorageUri { get; set; }
    }

    internal sealed class ModelFormat
    {
        public string Name { get; set; } = "";
        public string? Version { get; set; }
    }

    internal sealed class StorageLocation
    {
        public string Uri { get; set; } = "";
        public string MountPath { get; set; } = "";
    }
}
