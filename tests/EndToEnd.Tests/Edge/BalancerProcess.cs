using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Edge;

/// <summary>
/// A real balancer on its shipped configuration, byte for byte; only the files meant for the installation are the test's.
/// </summary>
public sealed class BalancerProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;
    private readonly bool _isNginx;

    private BalancerProcess(TemporaryFolder folder, ChildProcess process, Uri address, bool isNginx)
    {
        (_folder, _process, _isNginx) = (folder, process, isNginx);
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Access and error log so far.</summary>
    public string Output => _process.Output;

    /// <summary>Starts <c>nginx</c> or <c>haproxy</c> before replicas and waits until it answers.</summary>
    public static Task<BalancerProcess> StartAsync(string program, params Uri[] replicas) => StartAsync(program, host: null, replicas);

    /// <summary>The same on a host of a network; null for this one.</summary>
    public static Task<BalancerProcess> StartAsync(string program, NetworkHost? host, params Uri[] replicas) =>
        program == "nginx" ? NginxAsync(host, replicas) : HaproxyAsync(host, replicas);

    /// <summary>Starts nginx before replicas and waits until it answers.</summary>
    public static Task<BalancerProcess> NginxAsync(params Uri[] replicas) => NginxAsync(host: null, replicas);

    private static async Task<BalancerProcess> NginxAsync(NetworkHost? host, Uri[] replicas)
    {
        var (folder, address) = Prepare("nginx", host);
        await File.WriteAllTextAsync(folder.PathOf("listen.conf"), $"listen {address.Authority};\n");
        await File.WriteAllLinesAsync(
            folder.PathOf("replicas.conf"),
            replicas.Select(replica => $"server {replica.Authority} max_fails=1 fail_timeout=2s;")
        );
        Directory.CreateDirectory(folder.PathOf("run"));

        // Started by root, nginx would become another user, who may not write into the test's folder. The image starts it as that user.
        string[] asRoot = Environment.IsPrivilegedProcess ? ["-g", "user root;"] : [];
        return await AnsweringAsync(
            new(
                folder,
                Start(host, ["nginx", "-p", folder.PathOf("run/"), "-c", folder.PathOf("nginx.conf"), .. asRoot]),
                address,
                isNginx: true
            )
        );
    }

    private static async Task<BalancerProcess> HaproxyAsync(NetworkHost? host, Uri[] replicas)
    {
        var (folder, address) = Prepare("haproxy", host);
        var lines = await File.ReadAllLinesAsync(folder.PathOf("replicas.cfg"));
        var template = Array.FindIndex(lines, line => line.Contains("server-template", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(
            folder.PathOf("replicas.cfg"),
            [.. lines[..template], .. replicas.Select((replica, index) => $"    server replica{index} {replica.Authority}")]
        );
        return await AnsweringAsync(
            new(
                folder,
                Start(
                    host,
                    ["haproxy", "-f", folder.PathOf("haproxy.cfg"), "-f", folder.PathOf("replicas.cfg")],
                    new Dictionary<string, string?> { ["SACCADE_LISTEN"] = address.Authority }
                ),
                address,
                isNginx: false
            )
        );
    }

    private static ChildProcess Start(NetworkHost? host, string[] command, IReadOnlyDictionary<string, string?>? environment = null)
    {
        command = host is null ? command : ["ip", "netns", "exec", host.Namespace, .. command];
        return ChildProcess.Start(Tools.Path(command[0]), command[1..], environment: environment);
    }

    private static (TemporaryFolder Folder, Uri Address) Prepare(string configuration, NetworkHost? host)
    {
        var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Checkout.PathOf("deploy", configuration)))
            File.Copy(file, folder.PathOf(Path.GetFileName(file)));
        return (folder, new Uri($"http://{host?.Address ?? "127.0.0.1"}:{FreePort.Next()}"));
    }

    private static async Task<BalancerProcess> AnsweringAsync(BalancerProcess balancer)
    {
        try
        {
            using var client = new HttpClient { BaseAddress = balancer.Address };
            var process = balancer._process;
            await Eventually.TrueAsync(() => AnswersAsync(client, process), TimeSpan.FromSeconds(30), () => process.Output);
            return balancer;
        }
        catch
        {
            await balancer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets it finish its requests and end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // To nginx, TERM says to drop what is under way.
            if (_isNginx)
                _process.Quit();
            else
                _process.Terminate();
            await _process.WaitForExitAsync(TimeSpan.FromSeconds(30));
        }

        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient client, ChildProcess process)
    {
        if (process.HasExited)
            throw new InvalidOperationException($"the balancer ended: {process.Output}");
        try
        {
            using var answer = await client.GetAsync(new Uri("/edge/health", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
