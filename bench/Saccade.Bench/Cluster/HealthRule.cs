namespace Saccade.Bench.Cluster;

/// <summary>How an edge finds out that a replica has failed, and that it is back.</summary>
/// <param name="ConnectTimeout">Without a handshake for so long it goes on to the next replica.</param>
/// <param name="LeftOut">How long it leaves a replica out after a request to it has failed, before it tries with another request; not used
/// with checks.</param>
/// <param name="Check">Time between two checks of a replica, which leave it out and take it in again; null for none.</param>
internal sealed record HealthRule(TimeSpan ConnectTimeout, TimeSpan LeftOut, TimeSpan? Check)
{
    /// <summary>As <c>deploy/nginx</c> has it: <c>proxy_connect_timeout</c> and <c>fail_timeout</c>.</summary>
    public static HealthRule Nginx { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), Check: null);

    /// <summary>As <c>deploy/haproxy</c> has it: <c>timeout connect</c> and <c>inter</c>.</summary>
    public static HealthRule Haproxy { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.FromMilliseconds(500));
}
