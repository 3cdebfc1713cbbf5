using System.Net.Sockets;
using Saccade.Bench.Processes;
using Saccade.Inference.Execution.Platform;

namespace Saccade.Bench.Load;

/// <summary>
/// Requests that are sent when they are due, whatever became of earlier ones. Threads take the next due request in turn, wait for its time
/// and block on it; the latency counts from that time, so that a stalled service can't hide its stall by holding the generator up.
/// </summary>
/// <param name="requests">What is sent first, second, …; all to one address.</param>
/// <param name="connections">Requests under way at most; beyond it they are sent late, which their latency and lag tell.</param>
/// <param name="cores">Mask of the cores that the threads keep to; null means all.</param>
public sealed class OpenLoop(Func<int, WireRequest> requests, int connections, ulong? cores = null)
{
    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>The same request each time.</summary>
    /// <param name="request">That.</param>
    /// <param name="connections">Requests under way at most.</param>
    /// <param name="cores">Mask of the cores that the threads keep to; null means all.</param>
    public OpenLoop(WireRequest request, int connections, ulong? cores = null)
        : this(_ => request, connections, cores) { }

    /// <summary>Sends every request of a schedule and waits for the last answer.</summary>
    /// <param name="schedule">When each is due, from the start.</param>
    /// <returns>One entry for each, in the schedule's order.</returns>
    public async Task<IReadOnlyList<Arrival>> RunAsync(IReadOnlyList<TimeSpan> schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var arrivals = new Arrival[schedule.Count];
        var next = -1;
        using var ready = new CountdownEvent(connections);
        using var go = new ManualResetEventSlim();
        long origin = 0;
        var threads = Enumerable
            .Range(0, connections)
            .Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        ready.Wait();
        origin = _time.GetTimestamp();
        go.Set();
        await Task.WhenAll(threads);
        return arrivals;

        void Work()
        {
            CoreSplit.Confine(cores);
            using var connection = new WireConnection(requests(0).Address);
            try
            {
                connection.Open();
            }
            finally
            {
                ready.Signal();
            }

            // On a machine of its own the generator would not have to wait for the service's threads either.
            ThreadSlice.AskFor(ThreadSlice.Shortest);
            go.Wait();
            for (int at; (at = Interlocked.Increment(ref next)) < schedule.Count; )
            {
                Nap.For(schedule[at] - _time.GetElapsedTime(origin));
                arrivals[at] = Send(connection, requests(at), origin, schedule[at]);
            }
        }
    }

    private Arrival Send(WireConnection connection, WireRequest request, long origin, TimeSpan due)
    {
        var lag = _time.GetElapsedTime(origin) - due;
        try
        {
            var head = connection.Exchange(request);
            var latency = _time.GetElapsedTime(origin) - due;
            return new(due, lag, latency, head.Status, ServerTiming.Total(head.ServerTiming));
        }
        catch (SocketException)
        {
            return new(due, lag, _time.GetElapsedTime(origin) - due, Status: 0, double.NaN);
        }
    }
}
