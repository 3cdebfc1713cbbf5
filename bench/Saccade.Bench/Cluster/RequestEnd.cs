namespace Saccade.Bench.Cluster;

/// <summary>How a request ended for its client.</summary>
internal enum RequestEnd
{
    /// <summary>With an answer in time.</summary>
    Answered,

    /// <summary>Refused at once: its deadline could not be met, or no replica was there.</summary>
    Refused,

    /// <summary>Its deadline passed.</summary>
    Expired,

    /// <summary>A replica that had it failed.</summary>
    Lost,
}
