using System.Net.Http.Headers;

namespace Saccade.Bench.Load;

/// <summary>
/// Clients that each send the next request when the last was answered. The throughput under many clients is the service's capacity;
/// the latency is what those clients see, not what arrivals at a given rate would.
/// </summary>
/// <param name="address">Where to POST.</param>
/// <param name="body">Sent each time.</param>
/// <param name="contentType">Its media type.</param>
public sealed class ClosedLoop(Uri address, byte[] body, string contentType)
{
    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>Runs clients for a while.</summary>
    /// <param name="clients">How many, each with a connection of its own.</param>
    /// <param name="warmUp">Answers before this has passed are not counted.</param>
    /// <param name="measured">How long to count.</param>
    public async Task<LoadResult> RunAsync(int clients, TimeSpan warmUp, TimeSpan measured)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = clients, UseProxy = false, UseCookies = false };
        using var client = new HttpClient(handler);
        var origin = _time.GetTimestamp();
        var window = new Window(origin, warmUp, warmUp + measured);
        var tallies = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => LoopAsync(client, window))));
        return LoadResult.Of(clients, measured, _time.GetElapsedTime(origin), tallies);
    }

    private async Task<ClientTally> LoopAsync(HttpClient client, Window window)
    {
        var tally = new ClientTally();
        while (_time.GetElapsedTime(window.Origin) < window.End)
        {
            var sent = _time.GetTimestamp();
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead);
            var at = _time.GetElapsedTime(window.Origin);
            tally.Ended();
            if (at < window.Start || at >= window.End)
                continue;
            if (answer.IsSuccessStatusCode)
                tally.Answered(_time.GetElapsedTime(sent), ServerTiming.Of(answer));
            else
                tally.Refused((int)answer.StatusCode);
        }

        return tally;
    }

    private sealed record Window(long Origin, TimeSpan Start, TimeSpan End);
}
