namespace Saccade.Bench.Load;

/// <summary>Schedules of one rate, their requests thrown together: a 99th percentile needs all that there are.</summary>
/// <param name="Share">The rate as a part of the highest closed-loop throughput.</param>
/// <param name="Rate">Requests a second, the mean of the schedules'.</param>
/// <param name="BoundMs">An answer that took longer is of no use; the mean of the schedules'.</param>
/// <param name="Offered">Requests sent.</param>
/// <param name="InTime">Answered within the bound of their schedule.</param>
/// <param name="InTimeShare">The part of a schedule's requests that were, 0…1, the median of the schedules'.</param>
/// <param name="Late">Answered after it.</param>
/// <param name="Refusals">Other answers by HTTP status.</param>
/// <param name="Broken">Requests whose connection broke: none in a sound run.</param>
/// <param name="Goodput">Useful answers a second, the median of the schedules'.</param>
/// <param name="Latency">Of the answers, from the due time.</param>
/// <param name="Refusal">Of the refusals, 504 not among them, from when they were sent.</param>
/// <param name="RefusalFromDue">The same from when they were due.</param>
/// <param name="Refusing">Of the refusals, by the service's own clock.</param>
/// <param name="Lag">How late the generator sent.</param>
/// <param name="ServiceShare">Part of the machine that the service took, 0…1, the median of the schedules'.</param>
/// <param name="LoadShare">Part that the load generator took.</param>
public sealed record OpenResult(
    double Share,
    double Rate,
    double BoundMs,
    int Offered,
    int InTime,
    double InTimeShare,
    int Late,
    IReadOnlyDictionary<int, int> Refusals,
    int Broken,
    double Goodput,
    Percentiles Latency,
    Percentiles Refusal,
    Percentiles RefusalFromDue,
    Percentiles Refusing,
    Percentiles Lag,
    double ServiceShare,
    double LoadShare
)
{
    private const double Enough = 0.99;
    private const int DeadlinePassed = 504;

    /// <summary>Whether 99 of 100 requests were answered within the bound, in the median of the schedules: one that was disturbed decides
    /// nothing.</summary>
    public bool KeepsBound => InTimeShare >= Enough;

    /// <summary>Adds up schedules of one rate.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public static OpenResult Of(IReadOnlyCollection<OpenStretch> stretches)
    {
        ArgumentNullException.ThrowIfNull(stretches);
        var all = stretches.SelectMany(stretch => stretch.Arrivals).ToList();
        var unanswered = all.Where(arrival => arrival is { IsAnswer: false, Status: > 0 }).ToList();
        // 504 is no refusal: the request was accepted, and its deadline passed.
        var refusals = unanswered.Where(arrival => arrival.Status != DeadlinePassed).ToList();
        var inTime = stretches.Sum(stretch => stretch.InTime);
        return new(
            stretches.Average(stretch => stretch.Share),
            stretches.Average(stretch => stretch.Rate),
            stretches.Average(stretch => stretch.Bound.TotalMilliseconds),
            all.Count,
            inTime,
            Median.Of(stretches.Select(stretch => (double)stretch.InTime / stretch.Arrivals.Count)),
            all.Count(arrival => arrival.IsAnswer) - inTime,
            unanswered.GroupBy(arrival => arrival.Status).ToDictionary(group => group.Key, group => group.Count()),
            all.Count(arrival => arrival.Status == 0),
            Median.Of(stretches.Select(stretch => stretch.Goodput)),
            Percentiles.Of(all.Where(arrival => arrival.IsAnswer).Select(arrival => arrival.Latency)),
            Percentiles.Of(refusals.Select(arrival => arrival.Latency - arrival.Lag)),
            Percentiles.Of(refusals.Select(arrival => arrival.Latency)),
            Percentiles.Of(
                refusals.Where(arrival => !double.IsNaN(arrival.Service)).Select(arrival => TimeSpan.FromMilliseconds(arrival.Service))
            ),
            Percentiles.Of(all.Select(arrival => arrival.Lag)),
            Median.Of(stretches.Select(stretch => stretch.ServiceShare)),
            Median.Of(stretches.Select(stretch => stretch.LoadShare))
        );
    }
}
