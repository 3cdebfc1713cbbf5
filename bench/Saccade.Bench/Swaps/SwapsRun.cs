using Saccade.Bench.Load;
using Saccade.Bench.Processes;

namespace Saccade.Bench.Swaps;

/// <summary>Clients ask without a pause; the model is loaded anew; the service's memory is read after each time.</summary>
internal sealed class SwapsRun(ServiceProcess service, byte[] image, SwapsOptions options, Action<string> say)
{
    /// <summary>Name of the model in the service's repository.</summary>
    public const string Model = "bench";

    private const int RequestsBeforehand = 200;
    private const int EveryFew = 10;

    private static readonly TimeSpan SwapLimit = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>Runs everything.</summary>
    public async Task<SwapsReport> RunAsync()
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false };
        using var client = new HttpClient(handler) { BaseAddress = service.Address, Timeout = SwapLimit };
        var alone = Enumerable.Range(0, options.Clients).Select(_ => new ClientTally()).ToArray();
        await Task.WhenAll(alone.Select(tally => AskAsync(client, tally, () => tally.Requests >= RequestsBeforehand)));

        var done = false;
        var swapping = Enumerable.Range(0, options.Clients).Select(_ => new ClientTally()).ToArray();
        var asking = swapping.Select(tally => AskAsync(client, tally, () => Volatile.Read(ref done))).ToArray();
        var memory = new List<double> { service.Process.ResidentMebibytes };
        var durations = new List<TimeSpan>();
        for (var swap = 1; swap <= options.Swaps; swap++)
        {
            var start = _time.GetTimestamp();
            await ChangeAsync(client, "load?version=1");
            durations.Add(_time.GetElapsedTime(start));
            memory.Add(service.Process.ResidentMebibytes);
            if (swap % EveryFew == 0)
                say($"{swap} swaps: {memory[^1]:F0} MiB, {durations[^1].TotalSeconds:F2} s for the last");
        }

        Volatile.Write(ref done, value: true);
        await Task.WhenAll(asking);
        var serving = service.Process.ResidentMebibytes;
        await ChangeAsync(client, "unload");
        return new SwapsReport(
            memory,
            serving,
            service.Process.ResidentMebibytes,
            durations,
            Latencies(alone),
            Latencies(swapping),
            Refusals([.. alone, .. swapping])
        );
    }

    private async Task AskAsync(HttpClient client, ClientTally tally, Func<bool> enough)
    {
        while (!enough())
        {
            var sent = _time.GetTimestamp();
            using var body = new ByteArrayContent(image);
            body.Headers.ContentType = new("image/jpeg");
            using var answer = await client.PostAsync(new Uri("/classify", UriKind.Relative), body);
            tally.Ended();
            if (answer.IsSuccessStatusCode)
                tally.Answered(_time.GetElapsedTime(sent), ServerTiming.Of(answer));
            else
                tally.Refused((int)answer.StatusCode);
        }
    }

    private static async Task ChangeAsync(HttpClient client, string change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/models/{Model}/{change}");
        request.Headers.Authorization = new("Bearer", ServiceProcess.AdminKey);
        using var answer = await client.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{change}: {await answer.Content.ReadAsStringAsync()}");
    }

    private static TimeSpan[] Latencies(ClientTally[] tallies) => [.. tallies.SelectMany(tally => tally.Latencies)];

    private static Dictionary<int, int> Refusals(ClientTally[] tallies) =>
        tallies
            .SelectMany(tally => tally.Refusals)
            .GroupBy(refusal => refusal.Key, refusal => refusal.Value)
            .ToDictionary(group => group.Key, group => group.Sum());
}
