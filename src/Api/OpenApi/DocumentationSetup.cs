using System.Text.Json;
using Microsoft.OpenApi;
using Saccade.Inference;
using Saccade.Inference.Models;

namespace Saccade.Api.OpenApi;

/// <summary><c>/swagger</c>: the page, and under <c>/swagger/v1/swagger.json</c> the OpenAPI document.</summary>
internal static class DocumentationSetup
{
    public const string Document = "v1";

    public static IServiceCollection AddDocumentation(this IServiceCollection services) =>
        services
            .AddEndpointsApiExplorer()
            .AddSwaggerGen(static swagger =>
            {
                swagger.SwaggerDoc(
                    Document,
                    new OpenApiInfo
                    {
                        Title = "Saccade",
                        Version = typeof(DocumentationSetup).Assembly.GetName().Version?.ToString(fieldCount: 3),
                        Description =
                            "Classifies images with networks of the Inception family.\n\n"
                            + "Every response carries `X-Request-Id` and `Server-Timing`. Every error is a problem document (RFC 9457) "
                            + "with a stable `code`; "
                            + "an unknown path is 404 `route-not-found`, a wrong method 405 `method-not-allowed`.",
                        License = new OpenApiLicense { Name = "MIT", Url = new("https://opensource.org/license/mit") },
                    }
                );
                swagger.AddSecuritySchemes();
                // The paths come from ApiDocument alone.
                swagger.DocInclusionPredicate(static (_, _) => false);
                swagger.DocumentFilter<ApiDocument>();
                swagger.SchemaFilter<OpenSchemas>();
                swagger.MapType<ModelState>(Names<ModelState>);
                swagger.MapType<StopReason>(Names<StopReason>);
                swagger.MapType<CacheUse>(Names<CacheUse>);
                swagger.IncludeXmlComments(typeof(DocumentationSetup).Assembly);
                swagger.SupportNonNullableReferenceTypes();
                swagger.NonNullableReferenceTypesAsRequired();
                swagger.CustomSchemaIds(static type => type.Name.EndsWith("Body", StringComparison.Ordinal) ? type.Name[..^4] : type.Name);
            });

    // As ApiJsonContext writes them.
    private static OpenApiSchema Names<T>()
        where T : struct, Enum =>
        new()
        {
            Type = JsonSchemaType.String,
            Enum = [.. Enum.GetNames<T>().Select(static name => JsonNamingPolicy.CamelCase.ConvertName(name))],
        };

    /// <summary>Serves page and document; the page's scripts and styles are embedded in the package.</summary>
    public static void MapDocumentation(this WebApplication app)
    {
        app.MapSwagger();
        app.UseSwaggerUI(static page =>
        {
            page.DocumentTitle = "Saccade";
            page.SwaggerEndpoint($"{Document}/swagger.json", "Saccade");
            page.DisplayRequestDuration();
            page.EnableTryItOutByDefault();
        });
    }
}
