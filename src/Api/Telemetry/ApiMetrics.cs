using System.Diagnostics.Metrics;

namespace Saccade.Api.Telemetry;

/// <summary>What the HTTP side counts beyond ASP.NET Core's own instruments and the engine's.</summary>
internal sealed class ApiMetrics
{
    public const string MeterName = "Saccade";
    public const string RefusalsName = "saccade.http.refusals";

    private readonly Counter<long> _refusals;

    public ApiMetrics(IMeterFactory meters)
    {
#pragma warning disable CA2000 // The factory disposes of its meters.
        var meter = meters.Create(MeterName);
#pragma warning restore CA2000
        _refusals = meter.CreateCounter<long>(
            RefusalsName,
            "{response}",
            "Requests, and images of batches, that were refused, by error code and status."
        );
    }

    /// <summary>A request was refused.</summary>
    /// <param name="code">Of the failure.</param>
    /// <param name="status">Of HTTP.</param>
    public void Refused(string code, int status) => _refusals.Add(1, new("code", code), new("http.response.status_code", status));
}
