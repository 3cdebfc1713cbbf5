using System.Net;
using System.Net.Sockets;
using Saccade.Bench.Load;

namespace Saccade.Bench.Tests.Load;

public sealed class OpenLoopTests
{
    [Fact]
    public async Task RunAsync_WithAServerThatStalls_CountsTheWaitOfThoseThatWereDueMeanwhile()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        var serving = AnswerAsync(listener, 4);

        // One connection, so that three requests that are due at once wait for the first.
        var schedule = Enumerable.Repeat(TimeSpan.Zero, 4).ToArray();
        var arrivals = await new OpenLoop(WireRequest.Post(address, "x"u8, "image/jpeg"), connections: 1).RunAsync(schedule);
        var stall = await serving;

        Assert.Equal(4, arrivals.Count(arrival => arrival.IsAnswer));
        Assert.All(arrivals, arrival => Assert.True(arrival.Latency >= stall, $"{arrival}"));
        Assert.All(arrivals.Skip(1), arrival => Assert.True(arrival.Lag >= stall, $"{arrival}"));
    }

    [Fact]
    public async Task RunAsync_WithAServerThatHangsUp_GoesOnAndCountsThemAsBroken()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        var serving = Task.Run(async () =>
        {
            for (var i = 0; i < 2; i++)
            {
                using var client = await listener.AcceptSocketAsync();
                await client.ReceiveAsync(new byte[1024]);
            }
        });

        var arrivals = await new OpenLoop(WireRequest.Post(address, "x"u8, "image/jpeg"), connections: 1).RunAsync([
            TimeSpan.Zero,
            TimeSpan.Zero,
        ]);
        await serving;

        Assert.Equal([0, 0], arrivals.Select(arrival => arrival.Status));
    }

    // Answers the first request after a stall, the rest at once. Returns how long the stall was by the generator's clock: a timer may fire
    // early by its own.
    private static async Task<TimeSpan> AnswerAsync(TcpListener listener, int requests)
    {
        using var client = await listener.AcceptSocketAsync();
        var buffer = new byte[1024];
        var stall = TimeSpan.Zero;
        for (var i = 0; i < requests; i++)
        {
            await client.ReceiveAsync(buffer);
            if (i == 0)
            {
                var received = TimeProvider.System.GetTimestamp();
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
                stall = TimeProvider.System.GetElapsedTime(received);
            }

            await client.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        }

        return stall;
    }
}
