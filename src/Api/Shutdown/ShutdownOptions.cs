using System.ComponentModel.DataAnnotations;

namespace Saccade.Api.Shutdown;

/// <summary>What happens between SIGTERM and the end of the process (section <c>Shutdown</c>).</summary>
internal sealed class ShutdownOptions
{
    public const string Section = "Shutdown";

    /// <summary>How long requests are still accepted after readiness turned 503, for load balancers that poll it.</summary>
    /// <value>0 seconds: right where the balancer retries elsewhere on 503. Kubernetes wants about 5.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan NoticePeriod { get; set; } = TimeSpan.Zero;

    /// <summary>How long, at least, new requests are then answered with 503 and <c>Connection: close</c> before the port is
    /// closed.</summary>
    /// <value>1 second: clients leave their kept-alive connections on an answer, none is cut with a request on its way.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan RefusalPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long accepted requests may take to be answered after the notice period; then they are cut.</summary>
    /// <value>30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that all of it can take.</summary>
    internal TimeSpan Longest => NoticePeriod + (DrainTimeout > RefusalPeriod ? DrainTimeout : RefusalPeriod);
}
