namespace Saccade.Bench.Serving;

/// <summary>What is measured beside the ceiling and the closed loop, which everything else is compared with.</summary>
internal enum ServingPart
{
    /// <summary>Poisson arrivals below the peak.</summary>
    Open,

    /// <summary>Poisson arrivals at a multiple of the peak.</summary>
    Overload,

    /// <summary>A network that computes nothing.</summary>
    Empty,

    /// <summary>Further bundles under the peers' load.</summary>
    Also,

    /// <summary>Other servers with the same network.</summary>
    Peers,
}
