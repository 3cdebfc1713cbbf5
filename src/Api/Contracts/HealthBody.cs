namespace Saccade.Api.Contracts;

/// <summary>The answer of the health endpoints.</summary>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="Checks">Each check with its result.</param>
internal sealed record HealthBody(string Status, IReadOnlyList<HealthCheckBody> Checks);

/// <summary>One check.</summary>
/// <param name="Name">Which.</param>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="Reason">Why it is not healthy.</param>
internal sealed record HealthCheckBody(string Name, string Status, string? Reason);
