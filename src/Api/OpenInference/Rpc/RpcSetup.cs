using Grpc.AspNetCore.Server;
using Microsoft.Extensions.Options;
using Saccade.Api.Access;
using Saccade.Api.Bodies;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Api.Shutdown;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>The Open Inference Protocol, version 2, over gRPC, through the same doors as over REST.</summary>
internal static class RpcSetup
{
    // Questions name a model at most, and anybody may ask them. Compressed bytes may become a thousand times as many, and parsed ones
    // objects of a hundred bytes each.
    private const long LongestQuestion = 4096;

    public static IServiceCollection AddRpc(this IServiceCollection services)
    {
        services.AddGrpc(static grpc =>
        {
            grpc.Interceptors.Add<RpcDefects>();
            // It would answer with a route for every path of two segments, and hide from routing that one is served, but with another
            // method. RpcFailureFormat tells clients of gRPC that nothing is implemented there.
            grpc.IgnoreUnknownServices = true;
        });
        services
            .AddOptions<GrpcServiceOptions>()
            .Configure<IOptions<LimitsOptions>>(static (grpc, limits) => grpc.MaxReceiveMessageSize = (int)limits.Value.MaxBatchBodyBytes);
        services.AddGrpcReflection();
        return services
            .AddSingleton<IFailureFormat, RpcFailureFormat>()
            .AddSingleton<RpcDefects>()
            .AddSingleton<RpcOutcome>()
            .AddSingleton<RpcInference>()
            .AddSingleton<RpcInferStream>()
            .AddSingleton<InferenceService>()
            .AddSingleton<HealthService>();
    }

    public static void MapRpc(this WebApplication app)
    {
        var (drain, outcome) = (app.Services.GetRequiredService<DrainGate>(), app.Services.GetRequiredService<RpcOutcome>());
        RpcOutcome question = new(app.Services.GetRequiredService<BodyBudget>(), LongestQuestion);
        app.MapGrpcService<InferenceService>()
            .WithMetadata(new RpcFailureFormat())
            .Add(endpoint =>
            {
                switch (endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault()?.Method.Name)
                {
                    case nameof(InferenceService.ModelInfer):
                        endpoint.RequireRole(KeyRole.Classify);
                        endpoint.AddFilters(drain, outcome);
                        break;
                    case nameof(InferenceService.ModelStreamInfer):
                        // It passes the drain gate, and the limits of its client, with each message.
                        endpoint.RequireRole(KeyRole.Classify);
                        endpoint.AddFilters(outcome);
                        break;
                    case nameof(InferenceService.RepositoryModelLoad) or nameof(InferenceService.RepositoryModelUnload):
                        endpoint.RequireRole(KeyRole.Admin);
                        endpoint.AddFilters(outcome);
                        break;
                    case nameof(InferenceService.ServerLive) or nameof(InferenceService.ServerReady):
                        endpoint.AsProbe(question);
                        break;
                    case not null:
                        endpoint.AddFilters(question);
                        break;
                }
            });
        app.MapGrpcService<HealthService>().WithMetadata(new RpcFailureFormat()).Add(endpoint => endpoint.AsProbe(question));
        app.MapGrpcReflectionService().WithMetadata(new RpcFailureFormat()).Add(endpoint => endpoint.AddOutcome(question));
    }

    // Asked every few seconds by whoever balances; it would drown what clients ask.
    private static void AsProbe(this EndpointBuilder endpoint, RpcOutcome outcome)
    {
        endpoint.Metadata.Add(new DisableHttpMetricsAttribute());
        endpoint.AddOutcome(outcome);
    }

    private static void AddOutcome(this EndpointBuilder endpoint, RpcOutcome outcome)
    {
        if (endpoint.Metadata.OfType<GrpcMethodMetadata>().Any())
            endpoint.AddFilters(outcome);
    }

    /// <summary>Adds filters, outermost first.</summary>
    private static void AddFilters(this EndpointBuilder endpoint, params ReadOnlySpan<IEndpointFilter> filters)
    {
        foreach (var filter in filters)
            endpoint.FilterFactories.Add((_, next) => context => filter.InvokeAsync(context, next));
    }
}
