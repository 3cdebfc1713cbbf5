using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Edge;

/// <summary>
/// A replica of a balancer that answers as it is told: <c>POST</c> with its status, <c>GET</c> (readiness) with 200, or 503 where its
/// status is 503. It dies of a request whose body is <see cref="Poison"/>: the connection breaks and nothing listens any more.
/// </summary>
public sealed class ScriptedReplica : IDisposable
{
    /// <summary>The body that it dies of.</summary>
    public static readonly byte[] Poison = "poison"u8.ToArray();

    private readonly TcpListener _listener;
    private readonly int _status;
    private readonly ConcurrentQueue<TcpClient> _clients = [];
    private int _posts;

    /// <summary>Starts one.</summary>
    /// <param name="status">Of its answers to POST.</param>
    public ScriptedReplica(int status = 200)
    {
        _status = status;
        _listener = new TcpListener(IPAddress.Loopback, FreePort.Next());
        _listener.Start();
        Address = new($"http://{_listener.LocalEndpoint}");
        _ = AcceptAsync();
    }

    /// <summary>Where it listens, or did.</summary>
    public Uri Address { get; }

    /// <summary>POST requests that reached it whole.</summary>
    public int Posts => Volatile.Read(ref _posts);

    /// <summary>It dies.</summary>
    public void Dispose()
    {
        _listener.Stop();
        foreach (var client in _clients)
            client.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _clients.Enqueue(client);
                _ = ServeAsync(client);
            }
        }
        catch (Exception dead) when (dead is SocketException or ObjectDisposedException) { }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            var stream = client.GetStream();
            while (await RequestAsync(stream) is var (isPost, body))
            {
                if (isPost)
                    Interlocked.Increment(ref _posts);
                if (isPost && body.AsSpan().SequenceEqual(Poison))
                {
                    Dispose();
                    return;
                }

                var status = isPost || _status == 503 ? _status : 200;
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Scripted\r\nContent-Length: 0\r\n\r\n"));
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException) { }
    }

    private static async Task<(bool IsPost, byte[] Body)?> RequestAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
                return null;
            head.Append((char)one[0]);
        }

        var length = head.ToString()
            .Split("\r\n")
            .Where(line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line.AsSpan(15), provider: null))
            .FirstOrDefault();
        var body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return (head.ToString().StartsWith("POST", StringComparison.Ordinal), body);
    }
}
