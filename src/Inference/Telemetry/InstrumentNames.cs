namespace Saccade.Inference.Telemetry;

/// <summary>
/// Names of the meter, the activity source and every instrument: what dashboards and alerts refer to (docs/telemetry.md).
/// </summary>
public static class InstrumentNames
{
    /// <summary>The meter and the activity source.</summary>
    public const string Source = "Saccade";

    /// <summary>Histogram, seconds, by <c>outcome</c> and <c>model</c>: from arrival to answer.</summary>
    public const string RequestDuration = "saccade.request.duration";

    /// <summary>Histogram, seconds, by <c>stage</c> and <c>model</c>.</summary>
    public const string StageDuration = "saccade.stage.duration";

    /// <summary>Histogram, crops, by <c>model</c>.</summary>
    public const string BatchSize = "saccade.batch.size";

    /// <summary>Counter, requests, by <c>outcome</c> and <c>model</c>.</summary>
    public const string Requests = "saccade.requests";

    /// <summary>Histogram, crops, by <c>model</c> and <c>crops</c>: what an answer is made of.</summary>
    public const string Crops = "saccade.request.crops";

    /// <summary>Histogram, models, by <c>model</c> and <c>crops</c>: who answered.</summary>
    public const string Members = "saccade.request.members";

    /// <summary>Counter, members that an answer had to do without, by <c>model</c>, <c>member</c> and <c>reason</c>.</summary>
    public const string MissingMembers = "saccade.ensemble.missing";

    /// <summary>Counter, requests for <c>auto</c>, by <c>model</c> and <c>reason</c>.</summary>
    public const string AutoStops = "saccade.auto.stops";

    /// <summary>Gauge, crops waiting, by <c>model</c> and <c>version</c>.</summary>
    public const string QueueDepth = "saccade.queue.depth";

    /// <summary>Gauge, seconds, by <c>model</c> and <c>version</c>: what a crop that came now would take.</summary>
    public const string QueueWait = "saccade.queue.wait";

    /// <summary>Gauge, bytes of the memory to decode in that requests hold.</summary>
    public const string DecodeMemory = "saccade.decode.memory";

    /// <summary>Gauge, requests that wait for memory to decode in.</summary>
    public const string DecodeWaiting = "saccade.decode.waiting";

    /// <summary>Counter, requests that asked the cache of answers, by <c>model</c> and <c>result</c> (hit, shared, miss).</summary>
    public const string CacheRequests = "saccade.cache.requests";

    /// <summary>Counter, answers that the cache gave up for want of room.</summary>
    public const string CacheEvictions = "saccade.cache.evictions";

    /// <summary>Gauge, bytes of the answers that the cache keeps.</summary>
    public const string CacheSize = "saccade.cache.size";

    /// <summary>Gauge, runs possible at once, by <c>model</c>, <c>version</c> and <c>state</c> (busy, idle, unhealthy).</summary>
    public const string Sessions = "saccade.sessions";

    /// <summary>
    /// Histogram, seconds, by <c>model</c>, <c>version</c> and <c>outcome</c> (loaded, refused): each attempt to load a version.
    /// </summary>
    public const string LoadDuration = "saccade.model.load.duration";

    /// <summary>Counter, versions taken out of service, by <c>model</c> and <c>version</c>.</summary>
    public const string Unloads = "saccade.model.unloads";
}
