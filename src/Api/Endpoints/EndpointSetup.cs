using Microsoft.Extensions.Options;
using Saccade.Api.Access;
using Saccade.Api.Bodies;
using Saccade.Api.Limits;
using Saccade.Api.OpenApi;
using Saccade.Api.Requests;
using Saccade.Api.Shutdown;

namespace Saccade.Api.Endpoints;

/// <summary>The routes of the service.</summary>
internal static class EndpointSetup
{
    public static IServiceCollection AddEndpoints(this IServiceCollection services) =>
        services.AddSingleton<ImageClassifier>().AddSingleton<BodyBudget>().AddSingleton<ImageBodyReader>();

    public static void MapClassify(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<IOptions<LimitsOptions>>().Value;
        var group = app.MapGroup("").AddEndpointFilter(app.Services.GetRequiredService<DrainGate>()).RequireRole(KeyRole.Classify);
        group.MapPost(ClassifyEndpoint.Route, ClassifyEndpoint.HandleAsync).WithMetadata(ClassifyDocs.One(limits));
        group
            .MapPost(ClassifyEndpoint.RawRoute, ClassifyEndpoint.HandleAsync)
            .WithMetadata(ClassifyDocs.Raw(limits), new OneForm(BodyForm.Raw));
        group
            .MapPost(ClassifyEndpoint.Base64Route, ClassifyEndpoint.HandleAsync)
            .WithMetadata(ClassifyDocs.Base64(limits), new OneForm(BodyForm.Json));
        group.MapPost(EmbedEndpoint.Route, EmbedEndpoint.HandleAsync).WithMetadata(EmbedDocs.One(limits));
        group.MapPost(ClassifyBatchEndpoint.Route, ClassifyBatchEndpoint.HandleAsync).WithMetadata(ClassifyDocs.Batch(limits));
    }

    public static void MapModels(this WebApplication app)
    {
        app.MapRead(ModelsEndpoint.Route, ModelsEndpoint.List).WithMetadata(ModelsDocs.List);
        app.MapRead(ModelsEndpoint.OneRoute, ModelsEndpoint.One).WithMetadata(ModelsDocs.One);

        var admin = app.MapGroup("").RequireRole(KeyRole.Admin);
        admin.MapPost(ModelControlEndpoint.LoadRoute, ModelControlEndpoint.LoadAsync).WithMetadata(ModelsDocs.Load);
        admin.MapPost(ModelControlEndpoint.UnloadRoute, ModelControlEndpoint.UnloadAsync).WithMetadata(ModelsDocs.Unload);
    }
}
