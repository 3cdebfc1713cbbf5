using System.Globalization;
using System.Net;
using Saccade.Bench.Processes;
using Saccade.Inference.Bundles;

namespace Saccade.Bench.Peers;

/// <summary>A peer that serves the same ONNX file, on a port of 127.0.0.1.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private PeerProcess(ChildProcess process, Uri address)
    {
        Process = process;
        Address = address;
    }

    /// <summary>The process; the start script is replaced by it.</summary>
    public ChildProcess Process { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts a peer and waits until <c>GET /health</c> answers.</summary>
    /// <param name="peer">Which.</param>
    /// <param name="graph">The ONNX file.</param>
    /// <param name="manifest">How images are prepared for it.</param>
    /// <exception cref="PeerUnavailableException">Something that it needs is not installed.</exception>
    /// <exception cref="InvalidOperationException">It ended; the message is its output.</exception>
    public static async Task<PeerProcess> StartAsync(Peer peer, string graph, ModelManifest manifest)
    {
        var port = FreePort.Next();
        var environment = new Dictionary<string, string?>(peer.Settings, StringComparer.Ordinal)
        {
            ["MODEL"] = graph,
            ["ARCH"] = manifest.Architecture.Name,
            ["SIZE"] = manifest.Input.Height.ToString(CultureInfo.InvariantCulture),
            ["RESIZE"] = manifest.Preprocessing.ResizeShorterSide.ToString(CultureInfo.InvariantCulture),
            ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
        };
        var process = ChildProcess.Start("bash", [Path.Combine(peer.Folder, Peer.StartScript)], peer.Folder, environment);
        var started = new PeerProcess(process, new Uri(FormattableString.Invariant($"http://127.0.0.1:{port}")));
        try
        {
            await started.WaitUntilHealthyAsync(peer);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it and whatever it started.</summary>
    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private async Task WaitUntilHealthyAsync(Peer peer)
    {
        using var client = new HttpClient { BaseAddress = Address };
        await Eventually.TrueAsync(
            async () =>
            {
                if (Process.HasExited)
                    await FailAsync(peer);
                try
                {
                    using var answer = await client.GetAsync(new Uri("/health", UriKind.Relative));
                    return answer.StatusCode == HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            StartLimit,
            () => Process.Output
        );
    }

    private async Task FailAsync(Peer peer)
    {
        var exitCode = await Process.WaitForExitAsync(StartLimit);
        var output = Process.Output.Trim();
        throw exitCode == Peer.Unavailable
            ? new PeerUnavailableException(output.Split('\n')[^1])
            : new InvalidOperationException($"{peer.Name} ended with {exitCode}:\n{output}");
    }
}
