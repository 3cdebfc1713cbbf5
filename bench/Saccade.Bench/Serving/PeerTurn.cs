using System.Net.Sockets;
using Saccade.Bench.Load;
using Saccade.Bench.Peers;
using Saccade.Inference.Bundles;

namespace Saccade.Bench.Serving;

/// <summary>Starts a peer, warms it, measures it and ends it.</summary>
internal sealed class PeerTurn(string graph, ModelManifest manifest, byte[] image, IReadOnlyList<int> clients, TimeSpan stretch)
{
    private const int HeatRequests = 60;

    private static readonly TimeSpan HeatLimit = TimeSpan.FromSeconds(5);

    /// <summary>One turn; one that can't run here, or breaks, says why.</summary>
    public async Task<Contestant> RunAsync(Peer peer)
    {
        try
        {
            await using var process = await PeerProcess.StartAsync(peer, graph, manifest);
            var load = new MeteredLoad(
                WireRequest.Post(new Uri(process.Address, "/classify"), image, "image/jpeg"),
                process.Process,
                counters: null
            );
            await load.HeatAsync(HeatRequests, HeatLimit);
            var stretches = new List<ServedFigures>();
            foreach (var count in clients)
                stretches.Add(await load.MeasureAsync(count, stretch));
            return new Contestant(peer.Name, stretches);
        }
        catch (PeerUnavailableException unavailable)
        {
            return new Contestant(peer.Name, [], unavailable.Message);
        }
        catch (Exception failure) when (failure is InvalidOperationException or SocketException or TimeoutException)
        {
            // A peer that breaks costs its row, not the run.
            return new Contestant(peer.Name, [], "failed: " + failure.Message.Split('\n')[0]);
        }
    }
}
