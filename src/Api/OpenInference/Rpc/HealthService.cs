using Grpc.Core;
using Grpc.Health.V1;
using Saccade.Api.Shutdown;
using Saccade.Inference.Models;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>gRPC's own health check: whether to send calls, to the service or to one of its models.</summary>
/// <remarks>
/// The catalog is asked each time: the package's own implementation stores statuses that somebody would have to keep up to date.
/// </remarks>
internal sealed class HealthService(ModelCatalog catalog, DrainGate gate, TimeProvider clock) : Grpc.Health.V1.Health.HealthBase
{
    private const string Inference = "inference.GRPCInferenceService";

    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var status = StatusOf(request.Service);
        return status != ServingStatus.ServiceUnknown
            ? Task.FromResult(new HealthCheckResponse { Status = status })
            : throw RpcFailure.Of(OipModelEndpoint.NotServed(request.Service, version: null, status: null), context.GetHttpContext());
    }

    /// <summary>Tells the status at once and whenever it has changed, until the client leaves or the service stops.</summary>
    public override async Task Watch(
        HealthCheckRequest request,
        IServerStreamWriter<HealthCheckResponse> responseStream,
        ServerCallContext context
    )
    {
        var client = context.CancellationToken;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(client, gate.Closed);
        var told = ServingStatus.Unknown;
        // Who still listens when the service stops is told so before the stream ends.
        while (!client.IsCancellationRequested && !(gate.IsClosed && told == ServingStatus.NotServing))
        {
            var status = StatusOf(request.Service);
            if (status != told)
                await responseStream.WriteAsync(new() { Status = status }, client);
            told = status;
            await Task.Delay(WatchPeriod, clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ServingStatus StatusOf(string service)
    {
        if (gate.IsClosed)
            return ServingStatus.NotServing;
        if (service is "" or Inference)
            return Answer(catalog.NotReadyReason is null);
        return OipModelEndpoint.Find(service, version: null, catalog) is { } model
            ? Answer(model.State is ModelState.Ready or ModelState.Degraded)
            : ServingStatus.ServiceUnknown;
    }

    private static ServingStatus Answer(bool ready) => ready ? ServingStatus.Serving : ServingStatus.NotServing;
}
