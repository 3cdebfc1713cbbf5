using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Edge;

/// <summary>Three hosts behind a fourth with the shipped balancers: a cable is cut, a host becomes slow, and both come back.</summary>
[Collection(PublishedServiceCollection.Name)]
public sealed class HostsTests(PublishedService published)
{
    private const int Hosts = 3;
    private const int Clients = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [NetworkTheory("nginx", "haproxy")]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Cable_CutUnderLoadAndMended_LosesNoRequestAndTheHostServesAgain(string program)
    {
        await using var network = await HostNetwork.CreateAsync(Hosts);
        await using var replicas = await ReplicasAsync(network);
        await using var balancer = await BalancerAsync(program, network, replicas);
        await using var load = TrackedLoad.Start(balancer.Address, Samples.One, Clients, endAtRefusal: false);
        await replicas.EachAnswersAsync(20);

        await network.CutAsync(0);
        await load.AnswersAsync(100);
        // Those that the lost host had, too.
        await load.EveryClientAnsweredAsync();
        await network.MendAsync(0);
        await replicas.AnswersAsync(0, more: 20);
        await load.StopAsync();

        Assert.Empty(load.Lost);
        Assert.Equal(0, load.Refused);
    }

    [NetworkTheory("nginx", "haproxy")]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Host_SlowUnderLoad_GetsLessUntilItIsFastAgain(string program)
    {
        await using var network = await HostNetwork.CreateAsync(Hosts);
        await using var replicas = await ReplicasAsync(network);
        await using var balancer = await BalancerAsync(program, network, replicas);
        await using var load = TrackedLoad.Start(balancer.Address, Samples.One, Clients, endAtRefusal: false);
        await replicas.EachAnswersAsync(20);

        await network.NarrowAsync(0, "64kbit");
        var before = await replicas.AnsweredAsync();
        await load.AnswersAsync(600);
        var after = await replicas.AnsweredAsync();
        await network.WidenAsync(0);
        await replicas.AnswersAsync(0, more: 20);
        await load.StopAsync();

        Assert.Empty(load.Lost);
        Assert.Equal(0, load.Refused);
        var shares = after.Zip(before, static (now, then) => now - then).ToList();
        Assert.True(shares[0] < shares[1] / 2 && shares[0] < shares[2] / 2, string.Join(", ", shares));
    }

    private async Task<Replicas> ReplicasAsync(HostNetwork network)
    {
        var replicas = new Replicas();
        try
        {
            foreach (var host in network.Hosts)
                await replicas.StartAsync(published.Folder, host);
            return replicas;
        }
        catch
        {
            await replicas.DisposeAsync();
            throw;
        }
    }

    private static async Task<BalancerProcess> BalancerAsync(string program, HostNetwork network, Replicas replicas)
    {
        // What the container of the compose file has.
        var settings = Yaml.Load("docker-compose.yml").At("services", "nginx", "sysctls")!.Value;
        await network.SetEdgeAsync(settings.EnumerateObject().Select(one => KeyValuePair.Create(one.Name, one.Value.GetString()!)));
        return await BalancerProcess.StartAsync(program, network.Edge, [.. replicas.Addresses]);
    }

    /// <summary>The service on each host.</summary>
    private sealed class Replicas : IAsyncDisposable
    {
        private const int Port = 8080;

        private readonly HttpClient _client = new();
        private readonly List<ServiceProcess> _processes = [];

        public IEnumerable<Uri> Addresses => _processes.Select(static process => process.Address);

        public async Task StartAsync(string folder, NetworkHost host) =>
            _processes.Add(
                await ServiceProcess.StartReadyAsync(
                    folder,
                    PublishedService.SettingsOf(("ASPNETCORE_URLS", $"http://{host.Address}:{Port}")),
                    network: host.Namespace
                )
            );

        /// <summary>Requests that each has answered so far.</summary>
        public async Task<IReadOnlyList<double>> AnsweredAsync() => await Task.WhenAll(_processes.Select(AnsweredAsync));

        /// <summary>Waits until a host has answered so many more.</summary>
        public async Task AnswersAsync(int host, int more)
        {
            var goal = await AnsweredAsync(_processes[host]) + more;
            await Eventually.TrueAsync(async () => await AnsweredAsync(_processes[host]) >= goal, Patience);
        }

        /// <summary>Waits until every host has answered so many more.</summary>
        public async Task EachAnswersAsync(int more)
        {
            for (var host = 0; host < _processes.Count; host++)
                await AnswersAsync(host, more);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var process in _processes)
                await process.DisposeAsync();
            _client.Dispose();
        }

        private async Task<double> AnsweredAsync(ServiceProcess process)
        {
            var text = await _client.GetStringAsync(new Uri(process.Address, "/metrics"));
            var answered = ServiceCounters.Sum(
                string.Join('\n', text.Split('\n').Where(static line => line.Contains("outcome=\"answered\"", StringComparison.Ordinal))),
                "saccade_requests_total"
            );
            return double.IsNaN(answered) ? 0 : answered;
        }
    }
}
