using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Edge;

/// <summary>The real nginx on the shipped <c>nginx.conf</c>, byte for byte; only the two files meant for the installation are the
/// test's.</summary>
public sealed class NginxProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;

    private NginxProcess(TemporaryFolder folder, ChildProcess process, Uri address)
    {
        _folder = folder;
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Access and error log so far.</summary>
    public string Output => _process.Output;

    /// <summary>Starts nginx before replicas and waits until it answers.</summary>
    public static async Task<NginxProcess> StartAsync(params Uri[] replicas)
    {
        var folder = new TemporaryFolder();
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        foreach (var file in Directory.GetFiles(Checkout.PathOf("deploy", "nginx")))
            File.Copy(file, folder.PathOf(Path.GetFileName(file)));
        await File.WriteAllTextAsync(folder.PathOf("listen.conf"), $"listen {address.Authority};\n");
        await File.WriteAllLinesAsync(
            folder.PathOf("replicas.conf"),
            replicas.Select(replica => $"server {replica.Authority} max_fails=3 fail_timeout=2s;")
        );
        Directory.CreateDirectory(folder.PathOf("run"));

        // Started by root, nginx would become another user, who may not write into the test's folder. The image starts it as that user.
        string[] asRoot = Environment.IsPrivilegedProcess ? ["-g", "user root;"] : [];
        var process = ChildProcess.Start(Tools.Path("nginx"), ["-p", folder.PathOf("run/"), "-c", folder.PathOf("nginx.conf"), .. asRoot]);
        var nginx = new NginxProcess(folder, process, address);
        try
        {
            using var client = new HttpClient { BaseAddress = address };
            await Eventually.TrueAsync(() => AnswersAsync(client, process), TimeSpan.FromSeconds(30), () => process.Output);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets nginx finish its requests and end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Quit();
            await _process.WaitForExitAsync(TimeSpan.FromSeconds(30));
        }

        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient client, ChildProcess process)
    {
        if (process.HasExited)
            throw new InvalidOperationException($"nginx ended: {process.Output}");
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
