using System.Net;
using k8s.Models;
using Saccade.Api.OpenInference;
using Saccade.Api.Shutdown;
using Saccade.Api.Tests.Deploy.Custom;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Deploy;

/// <summary>KServe's objects name what the service has: ports, probes, protocols, and the folder where KServe mounts models.</summary>
public sealed class KServeTests
{
    private const string MountedModels = "/mnt/models";

    [KubectlTheory]
    [InlineData("kserve", new[] { "v2", "grpc-v2" })]
    [InlineData("kserve/canary", new[] { "v2" })]
    public void Runtime_Container_IsTheServiceBehindTheProtocolsItNames(string overlay, string[] protocols)
    {
        var runtime = Manifest.Single<ServingRuntime>(Manifest.Overlay(overlay)).Spec;
        var container = Assert.Single(runtime.Containers);
        var service = Assert.Single(Manifest.Single<V1Deployment>(Manifest.Overlay("cpu")).Spec.Template.Spec.Containers);

        // KServe looks for the container by this name.
        Assert.Equal("kserve-container", container.Name);
        Assert.Equal(protocols, runtime.ProtocolVersions);
        Assert.Equal(
            service.Ports.Take(protocols.Length).Select(static port => port.ContainerPort),
            container.Ports.Select(static port => port.ContainerPort)
        );
        Assert.Equal(MountedModels, container.Env.Single(static setting => setting.Name == "Models__Path").Value);
        Assert.Equal(OipRoutes.Ready, container.ReadinessProbe.HttpGet.Path);
        Assert.Equal(OipRoutes.Live, container.LivenessProbe.HttpGet.Path);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(
            service.Resources.Limits.Select(static limit => $"{limit.Key} {limit.Value}"),
            container.Resources.Limits.Select(static limit => $"{limit.Key} {limit.Value}")
        );
        Assert.All(container.VolumeMounts, mount => Assert.Contains(mount.Name, runtime.Volumes.Select(static volume => volume.Name)));
    }

    [KubectlTheory]
    [InlineData("kserve")]
    [InlineData("kserve/canary")]
    public void Service_Any_NamesTheRuntimeAndAFormatAndProtocolOfIts(string overlay)
    {
        var manifests = Manifest.Overlay(overlay);
        var runtimeName = manifests.Single(static manifest => manifest.Kind == "ServingRuntime").Name;
        var runtime = Manifest.Single<ServingRuntime>(manifests).Spec;
        var services = manifests.Select(static manifest => manifest.Read()).OfType<InferenceService>().ToList();

        Assert.NotEmpty(services);
        foreach (var service in services)
        {
            var predictor = service.Spec.Predictor;
            Assert.Equal(runtimeName, predictor.Model.Runtime);
            Assert.Contains(predictor.Model.ProtocolVersion, runtime.ProtocolVersions);
            Assert.Contains(
                (predictor.Model.ModelFormat.Name, predictor.Model.ModelFormat.Version),
                runtime.SupportedModelFormats.Select(static format => (format.Name, format.Version))
            );
            // A folder of models at the mount point, or one bundle where the folder would have it.
            if (predictor.Model.StorageUri is null)
                Assert.Matches($"^{MountedModels}/{service.Metadata.Name}/[1-9][0-9]*$", Assert.Single(predictor.StorageUris).MountPath);
            else
                Assert.Empty(predictor.StorageUris);
            if (overlay == "kserve")
                Assert.True(
                    predictor.TerminationGracePeriodSeconds
                        >= (new ShutdownOptions { NoticePeriod = TimeSpan.FromSeconds(5) }.Longest + TimeSpan.FromSeconds(15)).TotalSeconds
                );
        }
    }

    [KubectlFact]
    public void Canary_IsInTheModeThatSplitsTraffic()
    {
        var service = Manifest.Single<InferenceService>(Manifest.Overlay("kserve/canary"));

        Assert.Equal("Knative", service.Metadata.Annotations["serving.kserve.io/deploymentMode"]);
        Assert.InRange(service.Spec.Predictor.CanaryTrafficPercent!.Value, 1, 99);
        // Knative opens one port.
        Assert.Single(Assert.Single(Manifest.Single<ServingRuntime>(Manifest.Overlay("kserve/canary")).Spec.Containers).Ports);
    }

    /// <summary>As a folder, as storage initialisers leave it, and as the symbolic link that stands there for an image.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Models_AtTheMountPoint_AreServedByTheirFoldersNames(bool link)
    {
        using var models = new TempModels().Colors("fashion");
        var mount = link ? $"{models.Path}-link" : models.Path;
        if (link)
            Directory.CreateSymbolicLink(mount, models.Path);
        try
        {
            await using var service = await Service.StartAsync(new() { ["Models:Path"] = mount });
            using var response = await service
                .Client()
                .GetAsync(new Uri("/v2/models/fashion/versions/1/ready", UriKind.Relative))
                .Guarded();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        finally
        {
            if (link)
                File.Delete(mount);
        }
    }
}
