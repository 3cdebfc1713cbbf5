using System.Text.Json;
using Saccade.Bench.Processes;

namespace Saccade.Bench.Soak;

/// <summary>Clients of all kinds ask for a while; the service's memory is read every few seconds.</summary>
internal sealed class SoakRun(ServiceProcess service, SoakOptions options, Action<string> say)
{
    private const int LongestPauseMs = 50;
    private const int LongestPatienceMs = 30;
    private const int OK = 200;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly TimeSpan _end = TimeSpan.FromMinutes(options.Minutes);
    private readonly SoakTally _good = new("images and batches");
    private readonly SoakTally _bad = new("hostile");
    private readonly SoakTally _hasty = new("hung up by their clients");
    private readonly SoakTally _swaps = new("loads of the default model");
    private long _start;

    /// <summary>Runs everything.</summary>
    public async Task<SoakReport> RunAsync()
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false };
        using var client = new HttpClient(handler) { BaseAddress = service.Address, Timeout = Patience };
        _start = _time.GetTimestamp();
        List<Task> clients =
        [
            .. Enumerable.Range(0, options.Clients).Select(i => AskAsync(client, SoakTraffic.Good, _good, new Random(i))),
            .. Enumerable.Range(0, options.Hostile).Select(i => AskAsync(client, SoakTraffic.Bad, _bad, new Random(100 + i))),
            .. Enumerable.Range(0, options.Hasty).Select(i => HangUpAsync(client, new Random(200 + i))),
        ];
        if (options.SwapSeconds > 0)
            clients.Add(SwapAsync(client));

        var memory = new List<(TimeSpan, double)>();
        while (Elapsed < _end)
        {
            await Task.Delay(Between, _time, CancellationToken.None);
            memory.Add((Elapsed, service.Process.ResidentMebibytes));
            if (memory.Count % 12 == 0)
                say($"{Elapsed.TotalMinutes:F0} min: {memory[^1].Item2:F0} MiB, {_good.Answers.Count} answers");
        }

        await Task.WhenAll(clients);
        return new SoakReport(Elapsed, memory, [_good, _bad, _hasty, _swaps], await LeftAsync(client));
    }

    private TimeSpan Elapsed => _time.GetElapsedTime(_start);

    private async Task AskAsync(HttpClient client, Func<Random, HttpRequestMessage> next, SoakTally tally, Random random)
    {
        while (Elapsed < _end)
        {
            using var request = next(random);
            await SendAsync(client, request, tally, CancellationToken.None);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestPauseMs)), _time, CancellationToken.None);
        }
    }

    private async Task HangUpAsync(HttpClient client, Random random)
    {
        while (Elapsed < _end)
        {
            using var request = SoakTraffic.Good(random);
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(LongestPatienceMs)), _time);
            await SendAsync(client, request, _hasty, patience.Token);
        }
    }

    private async Task SwapAsync(HttpClient client)
    {
        using var models = JsonDocument.Parse(await client.GetStringAsync(new Uri("/models", UriKind.Relative)));
        var name = models.RootElement.GetProperty("defaultModel").GetString();
        while (Elapsed < _end)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/models/{name}/load");
            request.Headers.Authorization = new("Bearer", ServiceProcess.AdminKey);
            await SendAsync(client, request, _swaps, CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(options.SwapSeconds), _time, CancellationToken.None);
        }
    }

    private async Task SendAsync(HttpClient client, HttpRequestMessage request, SoakTally tally, CancellationToken patience)
    {
        var sent = _time.GetTimestamp();
        try
        {
            using var answer = await client.SendAsync(request, patience);
            if ((int)answer.StatusCode == OK)
                tally.Answered(Elapsed, _time.GetElapsedTime(sent));
            else
                tally.Ended(((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            tally.Ended("hung up");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            tally.Ended($"{e.GetType().Name} ({(e.InnerException ?? e).Message})");
        }
    }

    // What the service still holds once everything was answered, by metric. Clients that hung up are forgotten a moment later.
    private static async Task<IReadOnlyDictionary<string, double>> LeftAsync(HttpClient client)
    {
        string[] metrics = ["saccade_queue_depth", "saccade_decode_waiting", "saccade_decode_memory_bytes"];
        var left = new Dictionary<string, double>(StringComparer.Ordinal);
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    var text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
                    foreach (var metric in metrics)
                        left[metric] = ServiceCounters.Sum(text, metric);
                    return left.Values.All(static value => value == 0);
                },
                TimeSpan.FromSeconds(20)
            );
        }
        catch (TimeoutException)
        {
            // The report says what is left.
        }

        return left;
    }
}
