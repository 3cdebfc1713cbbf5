using Saccade.Inference;

namespace Saccade.Api.Requests;

/// <summary>What is known about a request from its arrival to its answer; one per request, among its features.</summary>
/// <param name="id">See <see cref="Id"/>.</param>
/// <param name="arrivedAt">See <see cref="ArrivedAt"/>.</param>
internal sealed class RequestProgress(string id, long arrivedAt)
{
    /// <summary>Goes into <c>X-Request-Id</c>, the answer and the log.</summary>
    public string Id { get; } = id;

    /// <summary>Timestamp at which the request's head had been read.</summary>
    public long ArrivedAt { get; } = arrivedAt;

    /// <summary>Tells whose key the request brought; null if it brought none.</summary>
    public string? Caller { get; set; }

    /// <summary>The engine's measurements, once there are any; the <c>Server-Timing</c> header repeats them.</summary>
    public StageTimings? Timings { get; set; }

    /// <summary>The progress of the request that <paramref name="context"/> carries.</summary>
    public static RequestProgress Of(HttpContext context) =>
        context.Features.Get<RequestProgress>()
        ?? throw new InvalidOperationException("The middleware RequestHeaders must run before everything else.");
}
