using Saccade.Inference;

namespace Saccade.Bench.Cluster;

/// <summary>
/// A balancer before the replicas. As the shipped configurations do, it passes a request on that no replica has been sent, however often,
/// and sends a request whose connection broke once more.
/// </summary>
/// <param name="replicas">All of them.</param>
/// <param name="balancer">How it chooses.</param>
/// <param name="health">How it notices failures.</param>
/// <param name="clock">The clock.</param>
internal sealed class Edge(IReadOnlyList<Replica> replicas, Balancer balancer, HealthRule health, EventClock clock)
{
    /// <summary>A client sends a request.</summary>
    /// <param name="deadline">How long it waits.</param>
    public async Task<RequestEnd> SendAsync(TimeSpan deadline)
    {
        var dueAt = clock.Now + deadline;
        var isSentAgain = false;
        while (clock.Now < dueAt)
        {
            if (balancer.Send() is not { } chosen)
                return RequestEnd.Refused;
            var replica = replicas[chosen];
            if (replica.State == ReplicaState.Up)
            {
                var failure = await replica.ClassifyAsync(dueAt);
                if (failure != ClassifyFailure.ShuttingDown)
                {
                    balancer.Ended(chosen);
                    return EndOf(failure);
                }

                // From a host that is gone nothing comes, not even the end of the connection: the client gives up.
                var isSilent = replica.State == ReplicaState.Cut;
                if (isSilent)
                    await Task.Delay(dueAt - clock.Now, clock);
                balancer.Ended(chosen);
                if (isSilent || isSentAgain)
                    return RequestEnd.Lost;
                Failed(chosen);
                isSentAgain = true;
                continue;
            }

            if (replica.State == ReplicaState.Cut)
                await Task.Delay(health.ConnectTimeout, clock);
            balancer.Ended(chosen);
            Failed(chosen);
        }

        return RequestEnd.Expired;
    }

    /// <summary>Leaves a replica out that its next check finds dead. Does nothing where there are no checks.</summary>
    /// <param name="replica">Which.</param>
    /// <param name="next">How far that check has come, 0…1 of the time between two.</param>
    public void CheckSoon(int replica, double next)
    {
        if (health.Check is not { } interval)
            return;
        var answer = replicas[replica].State == ReplicaState.Cut ? health.ConnectTimeout : TimeSpan.Zero;
        clock.After((next * interval) + answer, () => Failed(replica));
    }

    private static RequestEnd EndOf(ClassifyFailure? failure) =>
        failure switch
        {
            null => RequestEnd.Answered,
            ClassifyFailure.DeadlineExceeded => RequestEnd.Expired,
            _ => RequestEnd.Refused,
        };

    private void Failed(int replica)
    {
        if (balancer.IsLeftOut(replica) || (health.Check is not null && replicas[replica].State == ReplicaState.Up))
            return;
        balancer.LeaveOut(replica, isLeftOut: true);
        clock.After(health.Check ?? health.LeftOut, () => TakeIn(replica));
    }

    private void TakeIn(int replica)
    {
        if (health.Check is { } interval && replicas[replica].State != ReplicaState.Up)
            clock.After(interval, () => TakeIn(replica));
        else
            balancer.LeaveOut(replica, isLeftOut: false);
    }
}
