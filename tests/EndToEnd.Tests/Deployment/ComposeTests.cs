using System.Text.Json;
using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Deployment;

public sealed class ComposeTests
{
    private static readonly JsonElement Compose = Yaml.Load("docker-compose.yml");

    public static TheoryData<string> Services { get; } = [.. Compose.GetProperty("services").Keys()];

    [ToolFact("docker-compose")]
    public async Task Config_BothFiles_AreAcceptedByCompose()
    {
        foreach (
            var files in new string[][]
            {
                ["-f", "docker-compose.yml"],
                ["-f", "docker-compose.yml", "-f", "deploy/docker-compose.cuda.yml"],
            }
        )
        {
            var (exitCode, output) = await ChildProcess.RunAsync(
                Tools.Path("docker-compose"),
                [.. files, "config", "--quiet"],
                TimeSpan.FromMinutes(1),
                Checkout.Root
            );
            Assert.True(exitCode == 0, output);
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Any_IsHardenedBoundedAndHealthChecked(string name)
    {
        var service = Service(name);

        Assert.Equal("true", service.At("read_only")?.GetString());
        Assert.Equal(["ALL"], service.At("cap_drop").Strings());
        Assert.Contains("no-new-privileges:true", service.At("security_opt").Strings());
        Assert.NotNull(service.At("deploy", "resources", "limits", "cpus"));
        Assert.NotNull(service.At("deploy", "resources", "limits", "memory"));
        Assert.Equal("CMD", service.At("healthcheck", "test").Strings()[0]);
        Assert.Matches("^[a-z/]+:(?!latest)[A-Za-z0-9.-]+$", service.At("image")?.GetString());
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Any_DependsOnHealthyServicesThatExist(string name)
    {
        foreach (var dependency in Service(name).At("depends_on")?.EnumerateObject() ?? default)
        {
            Assert.NotNull(Service(dependency.Name).At("healthcheck"));
            Assert.Equal("service_healthy", dependency.Value.At("condition")?.GetString());
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Any_MountsOnlyWhatTheCheckoutOrTheFileHas(string name)
    {
        foreach (var source in Service(name).At("volumes").Strings().Select(volume => volume.Split(':')[0]))
        {
            if (source.StartsWith("./", StringComparison.Ordinal))
                Assert.True(Directory.Exists(Checkout.PathOf(source[2..])), source);
            else
                Assert.NotNull(Compose.At("volumes", source));
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Any_JoinsNetworksOfTheFile(string name)
    {
        var networks = Service(name).At("networks").Strings();

        Assert.NotEmpty(networks);
        Assert.All(networks, network => Assert.NotNull(Compose.At("networks", network)));
    }

    [Fact]
    public void Ports_OfTheMachine_AreNginxAndALocalGrafana()
    {
        var published = Compose
            .GetProperty("services")
            .Keys()
            .SelectMany(name => Service(name).At("ports").Strings().Select(port => (name, port)));

        Assert.Equal([("nginx", "8080:8080"), ("grafana", "127.0.0.1:3000:3000")], published);
    }

    [Fact]
    public void Replicas_OfTheService_AreTwoOutOfReach()
    {
        Assert.Equal("2", Service("service").At("deploy", "replicas")?.GetString());
        Assert.Equal(["back"], Service("service").At("networks").Strings());
        Assert.Equal("true", Compose.At("networks", "back", "internal")?.GetString());
    }

    [Fact]
    public void Addresses_InTheMountedFiles_NameServicesOfTheComposeFile()
    {
        Assert.Contains(
            "server service:8080 resolve",
            File.ReadAllText(Checkout.PathOf("deploy", "nginx", "replicas.conf")),
            StringComparison.Ordinal
        );

        var discovery = Yaml.Load("deploy", "prometheus", "prometheus.yml").GetProperty("scrape_configs")[0].GetProperty("dns_sd_configs")[
            0
        ];
        Assert.Equal(["service"], discovery.At("names").Strings());
        Assert.Equal("8080", discovery.At("port")?.GetString());

        var source = Yaml.Load("deploy", "grafana", "provisioning", "datasources", "prometheus.yml").GetProperty("datasources")[0];
        Assert.Equal("http://prometheus:9090", source.At("url")?.GetString());
        Assert.NotNull(Compose.At("services", "prometheus"));
    }

    [Fact]
    public void Build_OfTheService_NamesAStageOfTheDockerfile()
    {
        var dockerfile = Dockerfile.Read();

        Assert.Contains(Service("service").At("build", "target")?.GetString(), dockerfile.Stages.Select(stage => stage.Name));
        Assert.Contains(
            Yaml.Load("deploy", "docker-compose.cuda.yml").At("services", "service", "build", "target")?.GetString(),
            dockerfile.Stages.Select(stage => stage.Name)
        );
    }

    private static JsonElement Service(string name) => Compose.GetProperty("services").GetProperty(name);
}
