namespace Saccade.Bench.Cluster;

/// <summary>How a replica's address answers.</summary>
internal enum ReplicaState
{
    /// <summary>It serves.</summary>
    Up,

    /// <summary>The process is dead and its host tells: open connections break, new ones are refused.</summary>
    Crashed,

    /// <summary>The host is gone: what was sent stays unanswered, and new connections are neither made nor refused.</summary>
    Cut,
}
