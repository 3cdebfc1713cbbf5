using Saccade.Bench.Load;

namespace Saccade.Bench.Device;

/// <summary>Clients that send the same body again and again.</summary>
internal sealed class DeviceLoad(Uri address, byte[] body, string contentType, bool isTensor)
{
    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>Runs for a while, after as long, or a second, that is not counted.</summary>
    /// <returns>Answers a second, and the mean of each stage in milliseconds as the service reported it.</returns>
    /// <exception cref="InvalidOperationException">An answer was none; the message holds it.</exception>
    public async Task<(double Rate, IReadOnlyDictionary<string, double> Stages)> RunAsync(int clients, TimeSpan duration)
    {
        using var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = clients,
            UseProxy = false,
            UseCookies = false,
        };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(5) };
        var warmUp = duration < TimeSpan.FromSeconds(1) ? duration : TimeSpan.FromSeconds(1);
        var began = _time.GetTimestamp();
        var tallies = await Task.WhenAll(
            Enumerable.Range(0, clients).Select(_ => Task.Run(() => LoopAsync(client, began, warmUp, warmUp + duration)))
        );
        var answers = tallies.Sum(tally => tally.Answers);
        if (answers == 0)
            throw new InvalidOperationException("Nothing was answered within the measured time.");
        return (
            answers / duration.TotalSeconds,
            tallies
                .SelectMany(tally => tally.Stages)
                .GroupBy(stage => stage.Key, stage => stage.Value, StringComparer.Ordinal)
                .ToDictionary(stage => $"{stage.Key}Ms", stage => stage.Sum() / answers, StringComparer.Ordinal)
        );
    }

    private async Task<(int Answers, Dictionary<string, double> Stages)> LoopAsync(
        HttpClient client,
        long began,
        TimeSpan start,
        TimeSpan end
    )
    {
        var answers = 0;
        var stages = new Dictionary<string, double>(StringComparer.Ordinal);
        while (_time.GetElapsedTime(began) < end)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new(contentType);
            if (isTensor)
                request.Headers.Add("Inference-Header-Content-Length", "0");
            using var answer = await client.SendAsync(request);
            if (!answer.IsSuccessStatusCode)
                throw new InvalidOperationException($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            var at = _time.GetElapsedTime(began);
            if (at < start || at >= end)
                continue;
            answers++;
            foreach (var (stage, milliseconds) in ServerTiming.Of(answer))
                stages[stage] = stages.GetValueOrDefault(stage) + milliseconds;
        }

        return (answers, stages);
    }
}
