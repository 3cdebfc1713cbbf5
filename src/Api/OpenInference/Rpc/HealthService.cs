using Grpc.Core;
using Saccade.Inference.Models;
using ServingStatus = Saccade.Api.OpenInference.Rpc.HealthCheckResponse.Types.ServingStatus;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>gRPC's own health check: whether to send calls, to the service or to one of its models.</summary>
internal sealed class HealthService(ModelCatalog catalog) : Health.HealthBase
{
    private const string Inference = "inference.GRPCInferenceService";

    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (request.Service is "" or Inference)
            return Task.FromResult(Answer(catalog.NotReadyReason is null));
        var status = OipModelEndpoint.Find(request.Service, version: null, catalog);
        return status is not null
            ? Task.FromResult(Answer(status.State is ModelState.Ready or ModelState.Degraded))
            : throw RpcFailure.Of(OipModelEndpoint.NotServed(request.Service, version: null, status), context.GetHttpContext());
    }

    private static HealthCheckResponse Answer(bool ready) => new() { Status = ready ? ServingStatus.Serving : ServingStatus.NotServing };
}
