using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Saccade.Api.Tests.Deploy.Custom;

namespace Saccade.Api.Tests.Deploy;

/// <summary>One object that kustomize renders.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Yaml">All of it.</param>
internal sealed record Manifest(string Kind, string Name, string Yaml)
{
    private static readonly ConcurrentDictionary<string, IReadOnlyList<Manifest>> Rendered = [];

    // Every kind there is below deploy/kubernetes, with the type that it is read into.
    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["apps/v1 Deployment"] = typeof(V1Deployment),
        ["autoscaling/v2 HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
        ["batch/v1 Job"] = typeof(V1Job),
        ["keda.sh/v1alpha1 ScaledObject"] = typeof(ScaledObject),
        ["monitoring.coreos.com/v1 PrometheusRule"] = typeof(PrometheusRule),
        ["monitoring.coreos.com/v1 ServiceMonitor"] = typeof(ServiceMonitor),
        ["networking.k8s.io/v1 Ingress"] = typeof(V1Ingress),
        ["networking.k8s.io/v1 NetworkPolicy"] = typeof(V1NetworkPolicy),
        ["policy/v1 PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        ["scheduling.k8s.io/v1 PriorityClass"] = typeof(V1PriorityClass),
        ["serving.kserve.io/v1alpha1 ServingRuntime"] = typeof(ServingRuntime),
        ["serving.kserve.io/v1beta1 InferenceService"] = typeof(InferenceService),
        ["v1 PersistentVolumeClaim"] = typeof(V1PersistentVolumeClaim),
        ["v1 Secret"] = typeof(V1Secret),
        ["v1 Service"] = typeof(V1Service),
    };

    /// <summary>What an overlay of deploy/kubernetes renders to.</summary>
    public static IReadOnlyList<Manifest> Overlay(string name) =>
        Rendered.GetOrAdd(name, static name => Kustomize(Repository.PathOf("deploy", "kubernetes", "overlays", name)));

    /// <summary>What a folder with a <c>kustomization.yaml</c> renders to.</summary>
    public static IReadOnlyList<Manifest> Kustomize(string folder) =>
        [.. Tool.Run("kubectl", "kustomize", folder).Split("\n---\n", StringSplitOptions.RemoveEmptyEntries).Select(Of)];

    /// <summary>The only object of a type, and of a name if it is given.</summary>
    public static T Single<T>(IReadOnlyList<Manifest> manifests, string? name = null) =>
        manifests.Where(manifest => name is null || manifest.Name == name).Select(static manifest => manifest.Read()).OfType<T>().Single();

    /// <summary>The object in its type.</summary>
    /// <exception cref="YamlDotNet.Core.YamlException">It has a field that the type has not, or a value of another type.</exception>
    public object Read()
    {
        var head = KubernetesYaml.Deserialize<Head>(Yaml);
        var type = Types[$"{head.ApiVersion} {head.Kind}"];
        return typeof(Manifest)
            .GetMethod(nameof(Strictly), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type)
            .Invoke(null, System.Reflection.BindingFlags.DoNotWrapExceptions, binder: null, [Yaml], culture: null)!;
    }

    private static T Strictly<T>(string yaml) => KubernetesYaml.Deserialize<T>(yaml, strict: true);

    private static Manifest Of(string yaml)
    {
        var head = KubernetesYaml.Deserialize<Head>(yaml);
        return new(head.Kind, head.Metadata.Name, yaml);
    }

    /// <summary>What every object begins with.</summary>
    private sealed class Head
    {
        public string ApiVersion { get; set; } = "";
        public string Kind { get; set; } = "";
        public V1ObjectMeta Metadata { get; set; } = new();
    }
}
