using System.Globalization;
using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Edge;

/// <summary>
/// Hosts on one switch: each is a network namespace with a cable of its own, which can be cut and throttled. The switch is in the edge's
/// namespace; this process is on it too.
/// </summary>
public sealed class HostNetwork : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly Lazy<string?> WhyNot = new(() => Task.Run(TryAsync).GetAwaiter().GetResult());

    // Of the range for tests of networks (RFC 2544): hardly anybody's own. Another one for each process, so that what a killed one left
    // behind is in nobody's way.
    private readonly string _subnet = string.Create(CultureInfo.InvariantCulture, $"198.18.{Environment.ProcessId % 254}");
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"saccade{Environment.ProcessId}");
    private readonly NetworkHost[] _hosts;

    private HostNetwork(int hosts)
    {
        Edge = new($"{_name}-edge", $"{_subnet}.1");
        _hosts = [.. Enumerable.Range(0, hosts).Select(number => new NetworkHost($"{_name}-{number}", $"{_subnet}.{10 + number}"))];
    }

    /// <summary>Why there can be none here; null if there can.</summary>
    public static string? Refusal => WhyNot.Value;

    /// <summary>Where the balancer runs.</summary>
    public NetworkHost Edge { get; }

    /// <summary>The others.</summary>
    public IReadOnlyList<NetworkHost> Hosts => _hosts;

    /// <summary>Connects hosts.</summary>
    public static async Task<HostNetwork> CreateAsync(int hosts)
    {
        var network = new HostNetwork(hosts);
        try
        {
            await network.ConnectAsync();
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sets parameters of the edge's kernel that concern its network alone.</summary>
    /// <param name="settings">By name: <c>net.ipv4.tcp_retries2</c>.</param>
    public async Task SetEdgeAsync(IEnumerable<KeyValuePair<string, string>> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        foreach (var (name, value) in settings)
            await IpAsync("netns", "exec", Edge.Namespace, "sh", "-c", $"echo {value} > /proc/sys/{name.Replace('.', '/')}");
    }

    /// <summary>Cuts the cable of a host: nothing arrives any more, and nobody is told.</summary>
    public Task CutAsync(int host) => EdgeAsync($"link set port{host} down");

    /// <summary>Mends it.</summary>
    public Task MendAsync(int host) => EdgeAsync($"link set port{host} up");

    /// <summary>Makes the way to a host narrow; what does not get through waits, for up to five seconds.</summary>
    /// <param name="host">Which.</param>
    /// <param name="rate">As tc has it: <c>64kbit</c>.</param>
    public Task NarrowAsync(int host, string rate) => TcAsync($"qdisc replace dev port{host} root tbf rate {rate} burst 4kb latency 5s");

    /// <summary>Makes it wide again.</summary>
    public Task WidenAsync(int host) => TcAsync($"qdisc del dev port{host} root");

    /// <summary>Takes it all down. Processes that still run there keep their namespace alive without a name.</summary>
    public async ValueTask DisposeAsync()
    {
        // With a namespace go the ends of cables in it, and with them the other ends, though not at once: a name may be wanted again.
        await RunAsync("ip", ["link", "del", _name]);
        foreach (var host in _hosts.Append(Edge))
            await RunAsync("ip", ["netns", "del", host.Namespace]);
    }

    private async Task ConnectAsync()
    {
        foreach (var host in _hosts.Append(Edge))
        {
            await IpAsync("netns", "add", host.Namespace);
            await IpAsync("-n", host.Namespace, "link", "set", "lo", "up");
        }

        await EdgeAsync("link add switch type bridge");
        await EdgeAsync($"addr add {Edge.Address}/24 dev switch");
        await EdgeAsync("link set switch up");

        await IpAsync("link", "add", _name, "type", "veth", "peer", "name", "here", "netns", Edge.Namespace);
        await PlugAsync("here");
        await IpAsync("addr", "add", $"{_subnet}.254/24", "dev", _name);
        await IpAsync("link", "set", _name, "up");

        for (var number = 0; number < _hosts.Length; number++)
        {
            var host = _hosts[number];
            await EdgeAsync($"link add port{number} type veth peer name eth0 netns {host.Namespace}");
            await PlugAsync($"port{number}");
            await IpAsync("-n", host.Namespace, "addr", "add", $"{host.Address}/24", "dev", "eth0");
            await IpAsync("-n", host.Namespace, "link", "set", "eth0", "up");
        }
    }

    private async Task PlugAsync(string port)
    {
        await EdgeAsync($"link set {port} master switch");
        await EdgeAsync($"link set {port} up");
    }

    private Task EdgeAsync(string command) => IpAsync(["-n", Edge.Namespace, .. command.Split(' ')]);

    private Task TcAsync(string command) => MustAsync("tc", ["-n", Edge.Namespace, .. command.Split(' ')]);

    private static Task IpAsync(params string[] arguments) => MustAsync("ip", arguments);

    private static async Task MustAsync(string program, string[] arguments)
    {
        var (exitCode, output) = await RunAsync(program, arguments);
        if (exitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed with {exitCode}: {output}");
    }

    private static Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments) =>
        ChildProcess.RunAsync(Tools.Path(program), arguments, Limit);

    private static async Task<string?> TryAsync()
    {
        if (Tools.Missing("ip", "tc") is { } missing)
            return missing;
        try
        {
            await using var network = await CreateAsync(hosts: 1);
            await network.NarrowAsync(0, "64kbit");
            return null;
        }
        catch (InvalidOperationException refused)
        {
            return $"No network namespaces here: {refused.Message}";
        }
    }
}
