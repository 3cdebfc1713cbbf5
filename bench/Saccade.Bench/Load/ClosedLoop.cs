using Saccade.Bench.Processes;

namespace Saccade.Bench.Load;

/// <summary>
/// Clients that each send the next request when the last was answered. The throughput under many clients is the service's capacity;
/// the latency is what those clients see, not what arrivals at a given rate would.
/// </summary>
/// <param name="request">Sent each time.</param>
/// <param name="cores">Mask of the cores that the clients keep to; null means all.</param>
public sealed class ClosedLoop(WireRequest request, ulong? cores = null)
{
    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>Runs clients for a while.</summary>
    /// <param name="clients">How many, each with a connection and a thread of its own.</param>
    /// <param name="warmUp">Answers before this has passed are not counted.</param>
    /// <param name="measured">How long to count.</param>
    public async Task<LoadResult> RunAsync(int clients, TimeSpan warmUp, TimeSpan measured)
    {
        var origin = _time.GetTimestamp();
        var window = new Window(origin, warmUp, warmUp + measured);
        var tallies = await Task.WhenAll(
            Enumerable
                .Range(0, clients)
                .Select(_ =>
                    Task.Factory.StartNew(
                        () => Loop(window),
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
        );
        return LoadResult.Of(clients, measured, _time.GetElapsedTime(origin), tallies);
    }

    private ClientTally Loop(Window window)
    {
        CoreSplit.Confine(cores);
        using var connection = new WireConnection(request.Address);
        var tally = new ClientTally();
        while (_time.GetElapsedTime(window.Origin) < window.End)
        {
            var sent = _time.GetTimestamp();
            var answer = connection.Exchange(request);
            var latency = _time.GetElapsedTime(sent);
            var at = _time.GetElapsedTime(window.Origin);
            tally.Ended();
            if (at < window.Start || at >= window.End)
                continue;
            if (answer.Status == 200)
                tally.Answered(latency, ServerTiming.Parse(answer.ServerTiming ?? ""));
            else
                tally.Refused(answer.Status);
        }

        return tally;
    }

    private sealed record Window(long Origin, TimeSpan Start, TimeSpan End);
}
