using Saccade.Bench.Capacity;

namespace Saccade.Bench.Cluster;

/// <summary>One simulation.</summary>
/// <param name="Replica">What a replica can do.</param>
/// <param name="Variation">Standard deviation of the length of runs, as a part of the mean, 0…1.</param>
/// <param name="Replicas">How many.</param>
/// <param name="Edges">Balancers before them, each of which gets an equal part of the requests.</param>
/// <param name="Balancer">One of <see cref="Balancers.Names"/>.</param>
/// <param name="Health">How the edges notice failures.</param>
/// <param name="Scenario">What happens.</param>
/// <param name="Deadline">Of each request.</param>
/// <param name="Length">Time in which requests arrive.</param>
/// <param name="Seed">Which of the many courses of such a simulation.</param>
internal sealed record ClusterSetup(
    ReplicaModel Replica,
    double Variation,
    int Replicas,
    int Edges,
    string Balancer,
    HealthRule Health,
    Scenario Scenario,
    TimeSpan Deadline,
    TimeSpan Length,
    int Seed
)
{
    /// <summary>Requests a second, in the mean.</summary>
    public double Rate => Scenario.Load * Replicas * Replica.Sessions / Replica.Together;
}
