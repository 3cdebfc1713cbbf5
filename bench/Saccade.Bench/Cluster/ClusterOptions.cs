using Saccade.Bench.Capacity;

namespace Saccade.Bench.Cluster;

/// <summary>What <c>cluster</c> is asked to do.</summary>
/// <param name="Replica">What a replica can do.</param>
/// <param name="Variation">Standard deviation of the length of runs, as a part of the mean.</param>
/// <param name="Replicas">How many.</param>
/// <param name="Edges">Numbers of edges, each simulated.</param>
/// <param name="Health">How the edges notice failures.</param>
/// <param name="Deadline">Of each request.</param>
/// <param name="Length">Simulated time of arrivals.</param>
/// <param name="Seed">Of everything that is left to chance.</param>
/// <param name="Markdown">Where to write the tables; null for nowhere.</param>
/// <param name="Json">Where to write the figures; null for nowhere.</param>
internal sealed record ClusterOptions(
    ReplicaModel Replica,
    double Variation,
    int Replicas,
    IReadOnlyList<int> Edges,
    HealthRule Health,
    TimeSpan Deadline,
    TimeSpan Length,
    int Seed,
    string? Markdown,
    string? Json
)
{
    /// <summary>Every scenario by every number of edges and every balancer.</summary>
    public IReadOnlyList<ClusterSetup> Setups() =>
        [
            .. from scenario in Scenario.All
            from edges in Edges
            from balancer in Balancers.Names
            select new ClusterSetup(Replica, Variation, Replicas, edges, balancer, Health, scenario, Deadline, Length, Seed),
        ];
}
