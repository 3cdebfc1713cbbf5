using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Saccade.Api.OpenInference.Rpc;
using Saccade.Api.Tests.OpenInference.Rpc;
using Saccade.Api.Tests.Support;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.Api.Tests.Access;

/// <summary>A port for those who run the service.</summary>
public sealed class OperatorPortTests
{
    private const string Load = "/models/nobody/load";
    private const string ProtocolLoad = "/v2/repository/models/nobody/load";

    [Fact]
    public async Task Port_Configured_MetricsAndAdministrationAreThereOnly()
    {
        var port = FreePort.Next();
        await using var service = await Service.ListenAsync(Port(port).WithAdmin());
        using var publicly = Client(PublicAddress(service, port));
        using var operators = Client(new($"http://127.0.0.1:{port}"));

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(publicly, HttpMethod.Get, "/metrics"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(operators, HttpMethod.Get, "/metrics"));
        foreach (var route in new[] { Load, ProtocolLoad })
        {
            using var hidden = await publicly.PostAsync(new Uri(route, UriKind.Relative), content: null).Guarded();
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
            Assert.Contains("Nothing is served", await hidden.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using var answered = await operators.PostAsync(new Uri(route, UriKind.Relative), content: null).Guarded();
            Assert.DoesNotContain("Nothing is served", await answered.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // Balancers ask where they send requests, kubelets where they are told: health and what clients use answer on both.
        foreach (var client in new[] { publicly, operators })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, HttpMethod.Get, "/health/ready"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, HttpMethod.Get, "/health/live"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, HttpMethod.Get, "/v2/health/ready"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, HttpMethod.Get, "/models"));
        }
    }

    [Fact]
    public async Task Port_NamedInTheHostHeader_OpensNothing()
    {
        var port = FreePort.Next();
        await using var service = await Service.ListenAsync(Port(port));
        using var client = Client(PublicAddress(service, port));
        client.DefaultRequestHeaders.Host = $"127.0.0.1:{port}";
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, HttpMethod.Get, "/metrics"));
    }

    [Fact]
    public async Task Port_OverGrpc_AdministrationIsNotServedElsewhere()
    {
        var (port, rpc) = (FreePort.Next(), FreePort.Next());
        await using var service = await Service.ListenAsync(new(Port(port).WithAdmin()) { ["Grpc:Port"] = $"{rpc}" });
        using var client = RpcClient.Of(rpc);
        await client
            .CallAsync<RepositoryModelLoadResponse>(
                "RepositoryModelLoad",
                new RepositoryModelLoadRequest { ModelName = "nobody" },
                new() { { "x-api-key", Service.AdminKey } }
            )
            .RefusedAsync(StatusCode.Unimplemented, "route-not-found");
        Assert.True((await client.CallAsync<ServerReadyResponse>("ServerReady", new ServerReadyRequest())).Ready);
    }

    [Theory]
    [InlineData("0", "Operator:Port")]
    [InlineData("nine", "'nine', which is not a whole number")]
    [InlineData("8080", "Operator:Port is 8080, where HTTP is served already.", "urls", "http://localhost:8080")]
    [InlineData("8081", "Grpc:Port is 8081, where HTTP is served already.", "Grpc:Port", "8081")]
    [InlineData("8081", "where none of Kestrel:Endpoints listens", "Kestrel:Endpoints:Http:Url", "http://localhost:8080")]
    public async Task Port_ThatCannotBe_StopsTheStart(string port, string said, string? setting = null, string? value = null)
    {
        var settings = new Dictionary<string, string?> { ["Operator:Port"] = port };
        if (setting is not null)
            settings[setting] = value;
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() => Service.StartAsync(settings));
        Assert.Contains(said, mistake.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Port(int port) => new() { ["Operator:Port"] = $"{port}" };

    private static Uri PublicAddress(Service service, int operatorPort) =>
        service
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.Select(static address => new Uri(address))
            .Single(address => address.Port != operatorPort);

    private static HttpClient Client(Uri address)
    {
        var client = new HttpClient { BaseAddress = address, Timeout = TestTimeouts.Guard };
        client.DefaultRequestHeaders.Add("X-Api-Key", Service.AdminKey);
        return client;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await client.SendAsync(request).Guarded();
        return response.StatusCode;
    }
}
