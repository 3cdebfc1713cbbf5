using Saccade.Api.Admin;
using Saccade.Api.Limits;
using Saccade.Api.Shutdown;

namespace Saccade.Api.OpenInference;

/// <summary>Routes of the Open Inference Protocol, version 2, over REST.</summary>
internal static class OipSetup
{
    public static IServiceCollection AddOpenInference(this IServiceCollection services) => services.AddSingleton<OipInference>();

    public static void MapOpenInference(this WebApplication app)
    {
        app.MapGet(OipRoutes.Server, OipServerEndpoint.Describe).WithMetadata(OipDocs.Server);
        app.MapGet(OipRoutes.Live, OipServerEndpoint.Live).WithMetadata(OipDocs.Live).DisableHttpMetrics();
        app.MapGet(OipRoutes.Ready, OipServerEndpoint.Ready).WithMetadata(OipDocs.Ready).DisableHttpMetrics();
        app.MapGet(OipRoutes.AllStatistics, OipStatisticsEndpoint.All).WithMetadata(OipDocs.AllStatistics);
        app.MapPost(OipRoutes.Index, OipRepositoryEndpoint.Index).WithMetadata(OipDocs.Index);

        var infer = app.MapGroup("").AddEndpointFilter(app.Services.GetRequiredService<DrainGate>()).RequireRateLimiting(LimitsSetup.ClassifyPolicy);
        foreach (var path in new[] { OipRoutes.Model, OipRoutes.Version })
        {
            var ofVersion = path == OipRoutes.Version;
            app.MapGet(path, OipModelEndpoint.Describe).WithMetadata(OipDocs.Describe(ofVersion));
            app.MapGet($"{path}/ready", OipModelEndpoint.Ready).WithMetadata(OipDocs.ModelReady(ofVersion));
            app.MapGet($"{path}/config", OipModelEndpoint.Configuration).WithMetadata(OipDocs.Configuration(ofVersion));
            app.MapGet($"{path}/stats", OipStatisticsEndpoint.Of).WithMetadata(OipDocs.Statistics(ofVersion));
            infer.MapPost($"{path}/infer", OipInferEndpoint.HandleAsync).WithMetadata(OipDocs.Infer(ofVersion));
        }

        var admin = app.MapGroup("").AddEndpointFilter(app.Services.GetRequiredService<AdminGate>());
        admin.MapPost(OipRoutes.Load, OipRepositoryEndpoint.LoadAsync).WithMetadata(OipDocs.Load);
        admin.MapPost(OipRoutes.Unload, OipRepositoryEndpoint.UnloadAsync).WithMetadata(OipDocs.Unload);
    }
}
