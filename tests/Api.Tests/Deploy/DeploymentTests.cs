using System.Net;
using k8s.Models;
using Saccade.Api.Shutdown;
using Saccade.Api.Telemetry;
using Saccade.Api.Tests.Deploy.Custom;
using Saccade.Api.Tests.Support;
using Saccade.Api.WarmUp;
using Saccade.EndToEnd.Tests.Support;
using Saccade.Inference.Models;
using Saccade.Inference.Telemetry;

namespace Saccade.Api.Tests.Deploy;

/// <summary>The Deployment agrees with the service that it runs, and what is around it with the Deployment.</summary>
public sealed class DeploymentTests : IDisposable
{
    // What the host needs after the waits that are settings (GracefulShutdown).
    private static readonly TimeSpan HostMargin = TimeSpan.FromSeconds(15);

    private readonly string _keys = Path.GetTempFileName();

    private static V1PodSpec Pod => Of("cpu").Spec.Template.Spec;

    private static V1Container Container => Assert.Single(Pod.Containers);

    public void Dispose() => File.Delete(_keys);

    /// <summary>The service checks every setting at its start: a misspelt one, or a value that does not fit, would stop it.</summary>
    [KubectlTheory]
    [InlineData("cpu")]
    [InlineData("keda")]
    public async Task Environment_OfTheDeployment_StartsTheServiceThatItsProbesAsk(string overlay)
    {
        var container = Assert.Single(Of(overlay).Spec.Template.Spec.Containers);
        var settings = Settings(container);
        var port = FreePort.Next();
        await File.WriteAllTextAsync(_keys, $$"""{"keys": [{"name": "a", "sha256": "{{new string('a', 64)}}"}]}""");
        Assert.Equal(OperatorPort(container), int.Parse(settings["Operator:Port"]!, System.Globalization.CultureInfo.InvariantCulture));
        // What only a pod has.
        settings["Operator:Port"] = $"{port}";
        settings["Keys:File"] = _keys;
        settings["Models:Path"] = TestModels.Path;
        // The pod waits for its endpoint to be withdrawn; this test would only wait.
        Assert.True(settings.Remove("Shutdown:NoticePeriod"));

        await using var service = await Service.ListenAsync(settings);
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = TestTimeouts.Guard };

        foreach (var probe in new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe })
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, probe.HttpGet.Path));

        // What is scraped has what replicas are scaled by.
        var scraped = Assert.Single(Manifest.Single<ServiceMonitor>(Manifest.Overlay(overlay)).Spec.Endpoints);
        var metrics = await client.GetStringAsync(new Uri(scraped.Path!, UriKind.Relative)).Guarded();
        Assert.Matches($"{Prometheus.NameOf(InstrumentNames.QueueWait, "s")}{{[^}}]*model=\"colors\"[^}}]*version=\"1\"", metrics);
        Assert.Matches($"{Prometheus.NameOf(InstrumentNames.Sessions)}{{[^}}]*state=\"busy\"", metrics);
    }

    [KubectlFact]
    public void Environment_OfTheGpuOverlay_AsksForWhatThereIs()
    {
        var settings = Settings(Assert.Single(Of("nvidia").Spec.Template.Spec.Containers));

        Assert.Equal(nameof(Saccade.Inference.Execution.ExecutionProvider.Cuda), settings["Execution:Provider"]);
    }

    [KubectlTheory]
    [InlineData("cpu")]
    [InlineData("nvidia")]
    [InlineData("keda")]
    public void GracePeriod_Any_IsLongerThanTheServiceMayTakeToStop(string overlay)
    {
        var pod = Of(overlay).Spec.Template.Spec;
        var notice = Settings(Assert.Single(pod.Containers))["Shutdown:NoticePeriod"]!;
        var options = new ShutdownOptions { NoticePeriod = TimeSpan.Parse(notice, System.Globalization.CultureInfo.InvariantCulture) };

        Assert.True(options.NoticePeriod > TimeSpan.Zero, "An endpoint takes seconds to be withdrawn everywhere.");
        Assert.True(TimeSpan.FromSeconds(pod.TerminationGracePeriodSeconds!.Value) >= options.Longest + HostMargin);
    }

    [KubectlFact]
    public void StartupProbe_WaitsForTheSlowestLoadAndWarmUp()
    {
        var probe = Container.StartupProbe;

        Assert.True(
            TimeSpan.FromSeconds(probe.PeriodSeconds!.Value * probe.FailureThreshold!.Value)
                >= new ModelsOptions().LoadTimeout + new WarmUpOptions().Limit
        );
    }

    [KubectlFact]
    public void Ports_AreThoseOfTheImage()
    {
        var dockerfile = Repository.Read("Dockerfile");
        var ports = Container.Ports.ToDictionary(static port => port.Name, static port => port.ContainerPort);

        Assert.Contains($"ASPNETCORE_HTTP_PORTS={ports["http"]} ", dockerfile, StringComparison.Ordinal);
        Assert.Contains($"Grpc__Port={ports["grpc"]} ", dockerfile, StringComparison.Ordinal);
        Assert.Contains($"Models__Path={Settings(Container)["Models:Path"]}", dockerfile, StringComparison.Ordinal);
        Assert.Contains($"USER {Pod.SecurityContext.RunAsUser}", dockerfile, StringComparison.Ordinal);
    }

    [KubectlFact]
    public void Services_AndPolicies_NamePortsOfTheContainer()
    {
        var manifests = Manifest.Overlay("cpu");
        var ports = Container.Ports.Select(static port => port.Name).ToList();
        var services = manifests.Select(static manifest => manifest.Read()).OfType<V1Service>().ToList();
        var policies = manifests.Select(static manifest => manifest.Read()).OfType<V1NetworkPolicy>().ToList();

        Assert.Equal(
            ports.Order(StringComparer.Ordinal),
            services
                .SelectMany(static service => service.Spec.Ports)
                .Select(static port => port.TargetPort.ToString())
                .Order(StringComparer.Ordinal)
        );
        Assert.All(
            policies.SelectMany(static policy => policy.Spec.Ingress ?? []).SelectMany(static rule => rule.Ports),
            port => Assert.Contains(port.Port.ToString(), ports)
        );
        // Only the policy of the component monitoring opens the operators' port.
        Assert.Equal(
            ["saccade-monitoring"],
            policies
                .Where(static policy =>
                    policy.Spec.Ingress.SelectMany(static rule => rule.Ports).Any(static port => port.Port.ToString() == "operator")
                )
                .Select(static policy => policy.Metadata.Name)
        );
    }

    [KubectlTheory]
    [InlineData("cpu")]
    [InlineData("nvidia")]
    [InlineData("keda")]
    public void Selectors_Any_MatchThePodsLabels(string overlay)
    {
        var manifests = Manifest.Overlay(overlay);
        var labels = Of(overlay).Spec.Template.Metadata.Labels;
        IEnumerable<IDictionary<string, string>> selectors =
        [
            Of(overlay).Spec.Selector.MatchLabels,
            .. manifests.Select(static manifest => manifest.Read()).OfType<V1Service>().Select(static service => service.Spec.Selector),
            .. manifests
                .Select(static manifest => manifest.Read())
                .OfType<V1NetworkPolicy>()
                .Select(static policy => policy.Spec.PodSelector.MatchLabels),
            Manifest.Single<V1PodDisruptionBudget>(manifests).Spec.Selector.MatchLabels,
            .. Of(overlay).Spec.Template.Spec.TopologySpreadConstraints.Select(static spread => spread.LabelSelector.MatchLabels),
        ];

        foreach (var selector in selectors)
        {
            Assert.NotEmpty(selector);
            Assert.All(selector, wanted => Assert.Equal(wanted.Value, labels[wanted.Key]));
        }
    }

    [KubectlFact]
    public void Monitor_SelectsTheOperatorsServiceAndItsPort()
    {
        var manifests = Manifest.Overlay("cpu");
        var monitor = Manifest.Single<ServiceMonitor>(manifests).Spec;
        var selected = manifests
            .Select(static manifest => manifest.Read())
            .OfType<V1Service>()
            .Where(service =>
                monitor.Selector.MatchLabels.All(wanted =>
                    service.Metadata.Labels.TryGetValue(wanted.Key, out var has) && has == wanted.Value
                )
            );
        var service = Assert.Single(selected);

        Assert.Equal("saccade", service.Metadata.Labels[monitor.JobLabel!]);
        Assert.Contains(Assert.Single(monitor.Endpoints).Port, service.Spec.Ports.Select(static port => port.Name));
        Assert.Equal(TelemetrySetup.MetricsRoute, Assert.Single(monitor.Endpoints).Path);
    }

    [KubectlTheory]
    [InlineData("cpu", "2Gi")]
    [InlineData("nvidia", "8Gi")]
    [InlineData("keda", "2Gi")]
    public void Container_Any_IsBoundedAndHasNothingToWriteOrGain(string overlay, string memory)
    {
        var pod = Of(overlay).Spec.Template.Spec;
        var container = Assert.Single(pod.Containers);

        Assert.Equal(memory, container.Resources.Limits["memory"].ToString());
        Assert.Equal(
            container.Resources.Limits.ToDictionary(static limit => limit.Key, static limit => limit.Value.ToString()),
            container.Resources.Requests.ToDictionary(static request => request.Key, static request => request.Value.ToString())
        );
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Equal(Manifest.Single<V1PriorityClass>(Manifest.Overlay(overlay)).Metadata.Name, pod.PriorityClassName);
    }

    private static V1Deployment Of(string overlay) => Manifest.Single<V1Deployment>(Manifest.Overlay(overlay));

    private static int OperatorPort(V1Container container) => container.Ports.Single(static port => port.Name == "operator").ContainerPort;

    private static Dictionary<string, string?> Settings(V1Container container) =>
        container.Env.ToDictionary(
            static setting => setting.Name.Replace("__", ":", StringComparison.Ordinal),
            static string? (setting) => setting.Value
        );

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative)).Guarded();
        return response.StatusCode;
    }
}
