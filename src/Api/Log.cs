namespace Saccade.Api;

/// <summary>Every message the HTTP side writes. Event ids are stable. A path is logged in its encoded form, so it cannot forge a
/// line.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, Message = "Refused {Method} {Path}: {Status} {Code}, request {RequestId}", EventName = "RequestRefused")]
    public static partial void RequestRefused(
        ILogger logger,
        LogLevel level,
        string method,
        PathString path,
        int status,
        string code,
        string requestId
    );

    [LoggerMessage(2, LogLevel.Error, "{Method} {Path} met a defect, request {RequestId}", EventName = "RequestFailed")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string method, PathString path, string requestId);

    [LoggerMessage(3, LogLevel.Information, "Stopping: not ready any more, accepting for another {Notice}", EventName = "StopNoticed")]
    public static partial void StopNoticed(ILogger logger, TimeSpan notice);

    [LoggerMessage(4, LogLevel.Information, "Draining {InFlight} accepted requests for at most {Timeout}", EventName = "DrainStarted")]
    public static partial void DrainStarted(ILogger logger, int inFlight, TimeSpan timeout);

    [LoggerMessage(5, LogLevel.Information, "Drained: every accepted request was answered", EventName = "Drained")]
    public static partial void Drained(ILogger logger);

    [LoggerMessage(
        6,
        LogLevel.Warning,
        "Drain timed out with {InFlight} requests unanswered; raise Shutdown:DrainTimeout (now {Timeout})",
        EventName = "DrainTimedOut"
    )]
    public static partial void DrainTimedOut(ILogger logger, int inFlight, TimeSpan timeout);

    [LoggerMessage(7, LogLevel.Information, "Exporting telemetry by OTLP to {Endpoint}", EventName = "OtlpEnabled")]
    public static partial void OtlpEnabled(ILogger logger, string endpoint);

    [LoggerMessage(8, LogLevel.Critical, "Cannot start: {Mistakes}", EventName = "CannotStart")]
    public static partial void CannotStart(ILogger logger, string mistakes);

    [LoggerMessage(9, LogLevel.Debug, "Warmed up POST /classify with {ContentType}: {Status}, {Bytes} bytes", EventName = "WarmedUp")]
    public static partial void WarmedUp(ILogger logger, string contentType, int status, long bytes);

    [LoggerMessage(
        10,
        LogLevel.Warning,
        "{Refused} request(s) refused since the start, because {Limit} were being answered (Limits:MaxConcurrentRequests)",
        EventName = "TooManyRequests"
    )]
    public static partial void TooManyRequests(ILogger logger, long refused, int limit);

    [LoggerMessage(
        11,
        LogLevel.Warning,
        "Telemetry does not reach the OTLP collector; said once ({Event}: {Detail})",
        EventName = "TelemetryNotDelivered"
    )]
    public static partial void TelemetryNotDelivered(ILogger logger, string @event, string detail);

    [LoggerMessage(12, LogLevel.Information, "Read the keys of those who may ask; valid now: {Keys}", EventName = "KeysRead")]
    public static partial void KeysRead(ILogger logger, int keys);

    [LoggerMessage(13, LogLevel.Error, "Kept the keys from before, since the new ones are wrong: {Mistakes}", EventName = "KeysNotRead")]
    public static partial void KeysNotRead(ILogger logger, string mistakes);

    [LoggerMessage(
        14,
        LogLevel.Information,
        "Warmed up with {Requests} requests in {Elapsed}; the runtime had nothing left to compile: {Rested}",
        EventName = "WarmUpEnded"
    )]
    public static partial void WarmUpEnded(ILogger logger, int requests, TimeSpan elapsed, bool rested);

    [LoggerMessage(
        15,
        LogLevel.Warning,
        "{Refused} request(s) refused since the start, because bodies took all of {Capacity} bytes (Limits:BodyMemory)",
        EventName = "BodiesTakeAllMemory"
    )]
    public static partial void BodiesTakeAllMemory(ILogger logger, long refused, long capacity);
}
