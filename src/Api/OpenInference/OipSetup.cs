using Saccade.Api.Access;
using Saccade.Api.Errors;
using Saccade.Api.Requests;
using Saccade.Api.Shutdown;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Saccade.Api.OpenInference;

/// <summary>Routes of the Open Inference Protocol, version 2, over REST.</summary>
internal static class OipSetup
{
    public static IServiceCollection AddOpenInference(this IServiceCollection services) =>
        services
            .Configure<SwaggerGenOptions>(static swagger => swagger.SchemaFilter<OipSchemas>())
            .AddSingleton<OipImages>()
            .AddSingleton<OipInference>()
            .AddSingleton<IFailureFormat, OipErrorFormat>();

    public static void MapOpenInference(this WebApplication host)
    {
        var app = host.MapGroup("").WithMetadata(new OipErrorFormat());
        app.MapRead(OipRoutes.Server, OipServerEndpoint.Describe).WithMetadata(OipDocs.Server);
        app.MapRead(OipRoutes.Live, OipServerEndpoint.Live).WithMetadata(OipDocs.Live).DisableHttpMetrics();
        app.MapRead(OipRoutes.Ready, OipServerEndpoint.Ready).WithMetadata(OipDocs.Ready).DisableHttpMetrics();
        app.MapRead(OipRoutes.AllStatistics, OipStatisticsEndpoint.All).WithMetadata(OipDocs.AllStatistics);
        app.MapPost(OipRoutes.Index, OipRepositoryEndpoint.Index).WithMetadata(OipDocs.Index);

        var infer = app.MapGroup("").AddEndpointFilter(host.Services.GetRequiredService<DrainGate>()).RequireRole(KeyRole.Classify);
        foreach (var path in new[] { OipRoutes.Model, OipRoutes.Version })
        {
            var ofVersion = path == OipRoutes.Version;
            app.MapRead(path, OipModelEndpoint.Describe).WithMetadata(OipDocs.Describe(ofVersion));
            app.MapRead($"{path}/ready", OipModelEndpoint.Ready).WithMetadata(OipDocs.ModelReady(ofVersion));
            app.MapRead($"{path}/config", OipModelEndpoint.Configuration).WithMetadata(OipDocs.Configuration(ofVersion));
            app.MapRead($"{path}/stats", OipStatisticsEndpoint.Of).WithMetadata(OipDocs.Statistics(ofVersion));
            infer.MapPost($"{path}/infer", OipInferEndpoint.HandleAsync).WithMetadata(OipDocs.Infer(ofVersion));
        }

        var admin = app.MapGroup("").RequireRole(KeyRole.Admin);
        admin.MapPost(OipRoutes.Load, OipRepositoryEndpoint.LoadAsync).WithMetadata(OipDocs.Load);
        admin.MapPost(OipRoutes.Unload, OipRepositoryEndpoint.UnloadAsync).WithMetadata(OipDocs.Unload);
    }
}
