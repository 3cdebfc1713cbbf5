using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Saccade.Api.Admin;
using Saccade.Api.Limits;
using Saccade.Api.Shutdown;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>The Open Inference Protocol, version 2, over gRPC, through the same doors as over REST.</summary>
internal static class RpcSetup
{
    public static IServiceCollection AddRpc(this IServiceCollection services)
    {
        services.AddGrpc(static grpc =>
        {
            grpc.Interceptors.Add<RpcDefects>();
            // It would answer with a route for every path of two segments, and hide from routing that one is served, but with another method.
            // Clients take a 404 for "unimplemented" too.
            grpc.IgnoreUnknownServices = true;
        });
        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<LimitsOptions>>(
            static (grpc, limits) => grpc.MaxReceiveMessageSize = (int)limits.Value.MaxBatchBodyBytes);
        return services.AddSingleton<RpcDefects>().AddSingleton<RpcOutcome>().AddSingleton<InferenceService>().AddSingleton<HealthService>();
    }

    public static void MapRpc(this WebApplication app)
    {
        var (drain, admin, outcome) = (
            app.Services.GetRequiredService<DrainGate>(), app.Services.GetRequiredService<AdminGate>(), app.Services.GetRequiredService<RpcOutcome>());
        app.MapGrpcService<InferenceService>().Add(endpoint =>
        {
            switch (endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault()?.Method.Name)
            {
                case nameof(InferenceService.ModelInfer):
                    endpoint.Metadata.Add(new EnableRateLimitingAttribute(LimitsSetup.ClassifyPolicy));
                    endpoint.AddFilters(drain, outcome);
                    break;
                case nameof(InferenceService.RepositoryModelLoad) or nameof(InferenceService.RepositoryModelUnload):
                    endpoint.AddFilters(admin, outcome);
                    break;
                case nameof(InferenceService.ServerLive) or nameof(InferenceService.ServerReady):
                    endpoint.AsProbe(outcome);
                    break;
                case not null:
                    endpoint.AddFilters(outcome);
                    break;
            }
        });
        app.MapGrpcService<HealthService>().Add(endpoint => endpoint.AsProbe(outcome));
    }

    // Asked every few seconds by whoever balances; it would drown what clients ask.
    private static void AsProbe(this EndpointBuilder endpoint, RpcOutcome outcome)
    {
        endpoint.Metadata.Add(new DisableHttpMetricsAttribute());
        if (endpoint.Metadata.OfType<GrpcMethodMetadata>().Any())
            endpoint.AddFilters(outcome);
    }

    /// <summary>Adds filters, outermost first.</summary>
    private static void AddFilters(this EndpointBuilder endpoint, params ReadOnlySpan<IEndpointFilter> filters)
    {
        foreach (var filter in filters) endpoint.FilterFactories.Add((_, next) => context => filter.InvokeAsync(context, next));
    }
}
