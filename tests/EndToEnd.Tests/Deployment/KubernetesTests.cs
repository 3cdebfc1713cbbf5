using System.Net;
using System.Text.Json;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Deployment;

[Collection(PublishedServiceCollection.Name)]
public sealed class KubernetesTests(PublishedService published)
{
    private static readonly IReadOnlyList<JsonElement> Objects = Yaml.LoadAll("deploy", "kubernetes", "saccade.yaml");

    [Theory]
    [InlineData("Service", "spec", "selector")]
    [InlineData("Deployment", "spec", "selector", "matchLabels")]
    [InlineData("PodDisruptionBudget", "spec", "selector", "matchLabels")]
    public void Selector_Any_MatchesThePodsLabels(string kind, params string[] path)
    {
        var labels = Object("Deployment").At("spec", "template", "metadata", "labels")!.Value;
        var selector = Object(kind).At(path)!.Value;

        Assert.NotEmpty(selector.Keys());
        Assert.All(selector.EnumerateObject(), wanted => Assert.Equal(wanted.Value.GetString(), labels.At(wanted.Name)?.GetString()));
    }

    [Fact]
    public void Autoscaler_Target_IsTheDeploymentWhichSetsNoReplicas()
    {
        var target = Object("HorizontalPodAutoscaler").At("spec", "scaleTargetRef")!.Value;

        Assert.Equal("Deployment", target.At("kind")?.GetString());
        Assert.Equal(Object("Deployment").At("metadata", "name")?.GetString(), target.At("name")?.GetString());
        Assert.Null(Object("Deployment").At("spec", "replicas"));
    }

    [Fact]
    public void Ports_OfTheService_AreTheContainersByName()
    {
        var ports = Object("Service").At("spec", "ports")!.Value.EnumerateArray().Select(entry => entry.At("targetPort")?.GetString());

        Assert.Equal(ports, Container.GetProperty("ports").EnumerateArray().Select(entry => entry.At("name")?.GetString()));
    }

    [Fact]
    public void Container_SecurityContext_LeavesNothingToWriteOrGain()
    {
        var context = Container.GetProperty("securityContext");

        Assert.Equal("false", context.At("allowPrivilegeEscalation")?.GetString());
        Assert.Equal("true", context.At("readOnlyRootFilesystem")?.GetString());
        Assert.Equal(["ALL"], context.At("capabilities", "drop").Strings());
        Assert.Equal("true", Object("Deployment").At("spec", "template", "spec", "securityContext", "runAsNonRoot")?.GetString());
    }

    [Fact]
    public async Task Probes_Paths_AnswerOnARunningService()
    {
        await using var service = await published.StartReadyAsync();
        using var client = new HttpClient { BaseAddress = service.Address };

        foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
        {
            var path = Container.At(probe, "httpGet", "path")!.Value.GetString()!;
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static JsonElement Container => Object("Deployment").At("spec", "template", "spec", "containers")!.Value[0];

    private static JsonElement Object(string kind) => Objects.Single(item => item.At("kind")?.GetString() == kind);
}
