using System.Net;
using System.Net.Sockets;

namespace Saccade.Bench.Peers;

/// <summary>A port for a program that can't choose one itself.</summary>
internal static class FreePort
{
    /// <summary>One of 127.0.0.1 that nobody had a moment ago.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
