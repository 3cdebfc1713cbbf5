namespace Saccade.Bench.Cluster;

/// <summary>What happens to the replicas.</summary>
/// <param name="Name">For the tables.</param>
/// <param name="Load">Arrivals as a part of what all replicas can do.</param>
/// <param name="Slow">Part of the replicas that are slow.</param>
/// <param name="Slowdown">How many times as long everything takes there.</param>
/// <param name="Failing">Part of the replicas that fail at a third of the time and are back at two thirds.</param>
/// <param name="Failure">How.</param>
internal sealed record Scenario(
    string Name,
    double Load,
    double Slow = 0,
    double Slowdown = 1,
    double Failing = 0,
    ReplicaState Failure = ReplicaState.Crashed
)
{
    /// <summary>The ones that are compared.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("all alike, 0.80 of the peak", 0.80),
        new("all alike, 0.95", 0.95),
        new("overload, 1.20", 1.20),
        new("0.80, one in twenty takes four times as long", 0.80, Slow: 0.05, Slowdown: 4),
        new("0.80, one in twenty crashes and returns", 0.80, Failing: 0.05, Failure: ReplicaState.Crashed),
        new("0.80, one in twenty is cut off and returns", 0.80, Failing: 0.05, Failure: ReplicaState.Cut),
    ];
}
