using Saccade.Bench.Load;
using Saccade.Bench.Processes;

namespace Saccade.Bench.Serving;

/// <summary>Closed loops on one server, with what they cost it and the load generator.</summary>
/// <param name="request">Sent each time.</param>
/// <param name="server">Whose processor time is read.</param>
/// <param name="counters">Reads what the service counts; null for a server that counts nothing.</param>
/// <param name="cores">Mask of the cores that the clients keep to; null means all.</param>
internal sealed class MeteredLoad(WireRequest request, ChildProcess server, ServiceCounters? counters, ulong? cores = null)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.7);

    private readonly ClosedLoop _load = new(request, cores);

    /// <summary>Sends until so many requests were answered: a runtime that compiles while it runs has not settled before.</summary>
    /// <param name="requests">How many at least.</param>
    /// <param name="limit">After which it is enough in any case.</param>
    public async Task HeatAsync(int requests, TimeSpan limit)
    {
        var sent = 0;
        for (var spent = TimeSpan.Zero; sent < requests && spent < limit; spent += WarmUp)
            sent += (await _load.RunAsync(Environment.ProcessorCount, TimeSpan.Zero, WarmUp)).Answers;
    }

    /// <summary>Measures one concurrency, after a short unmeasured stretch of it.</summary>
    /// <exception cref="InvalidOperationException">Requests were refused.</exception>
    public async Task<ServedFigures> MeasureAsync(int clients, TimeSpan stretch)
    {
        await _load.RunAsync(clients, TimeSpan.Zero, WarmUp);

        var allocatedBefore = await AllocatedAsync();
        using var clock = new ProcessorClock(server);
        var result = await _load.RunAsync(clients, TimeSpan.Zero, stretch);
        var (serverTime, loadShare) = (clock.Server, clock.OwnShare);
        var allocated = await AllocatedAsync() - allocatedBefore;

        if (result.Refusals.Count > 0)
            throw new InvalidOperationException($"Requests were refused: {string.Join(", ", result.Refusals)}\n{server.Output}");
        return new ServedFigures(result, serverTime.TotalMilliseconds / result.Requests, loadShare, allocated / result.Requests);
    }

    private async Task<double> AllocatedAsync() => counters is null ? double.NaN : await counters.AllocatedBytesAsync();
}
