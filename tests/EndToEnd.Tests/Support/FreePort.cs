using System.Net;
using System.Net.Sockets;

namespace Saccade.EndToEnd.Tests.Support;

/// <summary>Ports for programs that cannot choose one and tell which.</summary>
public static class FreePort
{
    /// <summary>A port of 127.0.0.1 that nobody listened on just now.</summary>
    public static int Next()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
