using System.Net;
using System.Net.Sockets;
using System.Text;
using Saccade.Bench.Load;

namespace Saccade.Bench.Tests.Load;

public sealed class WireConnectionTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public WireConnectionTests() => _listener.Start();

    private Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/classify?model=a");

    [Fact]
    public async Task Exchange_WithAServerThatAnswersInPieces_ReadsEveryAnswerToItsEnd()
    {
        var request = WireRequest.Post(Address, "picture"u8, "image/jpeg", ("X-Deadline-Ms", "50"));
        var served = ServeAsync(
            ["HTTP/1.1 200 OK\r\nTransfer-Enc", "oding: chunked\r\n\r\n5\r\nab\r", "\nc\r\n0\r", "\n\r\n"],
            ["HTTP/1.1 429 Slow Down\r\nContent-Length: 4\r\n\r\n12", "34"]
        );

        using var connection = new WireConnection(Address);
        var statuses = await Task.Run(() => new[] { connection.Exchange(request).Status, connection.Exchange(request).Status });

        Assert.Equal([200, 429], statuses);
        var expected =
            $"POST /classify?model=a HTTP/1.1\r\nHost: {Address.Authority}\r\nContent-Type: image/jpeg\r\nContent-Length: "
            + "7\r\nX-Deadline-Ms: 50\r\n\r\npicture";
        Assert.Equal([expected, expected], await served);
    }

    [Fact]
    public async Task Exchange_WithAServerThatHangsUp_ThrowsAndConnectsAnewTheNextTime()
    {
        var request = WireRequest.Post(Address, "x"u8, "image/jpeg");
        using var connection = new WireConnection(Address);

        var broken = ServeAsync(["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1"]);
        await Assert.ThrowsAsync<SocketException>(() => Task.Run(() => connection.Exchange(request)));
        await broken;

        var sound = ServeAsync(["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]);
        Assert.Equal(200, (await Task.Run(() => connection.Exchange(request))).Status);
        await sound;
    }

    public void Dispose() => _listener.Dispose();

    // Takes one connection, answers one request with each list of pieces, and hangs up.
    private async Task<List<string>> ServeAsync(params string[][] answers)
    {
        using var client = await _listener.AcceptSocketAsync();
        var requests = new List<string>();
        var buffer = new byte[4096];
        foreach (var pieces in answers)
        {
            var received = new StringBuilder();
            while (!IsWhole(received.ToString()))
                received.Append(Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer)));
            requests.Add(received.ToString());
            foreach (var piece in pieces)
                await client.SendAsync(Encoding.ASCII.GetBytes(piece));
        }

        return requests;
    }

    private static bool IsWhole(string request)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        const string Length = "Content-Length: ";
        return end >= 0
            && request.Length
                >= end + 4 + int.Parse(request[(request.IndexOf(Length, StringComparison.Ordinal) + Length.Length)..].Split('\r')[0], null);
    }
}
