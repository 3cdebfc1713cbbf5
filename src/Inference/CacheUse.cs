namespace Saccade.Inference;

/// <summary>Where an answer came from that was not computed for its request.</summary>
public enum CacheUse
{
    /// <summary>It had been kept from an earlier request.</summary>
    Hit,

    /// <summary>Another request for the same was under way: one run answered both.</summary>
    Shared,
}
