using Microsoft.Extensions.Diagnostics.HealthChecks;
using Saccade.Inference.Models;

namespace Saccade.Api.Operations;

/// <summary>Ready when every served model is warm and nobody has asked the service to stop.</summary>
internal sealed class ModelReadinessCheck(ModelCatalog catalog) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(catalog.NotReadyReason is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());
}
