using Microsoft.OpenApi;
using Saccade.Api.Access;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Saccade.Api.OpenApi;

/// <summary>Documents keys: how they are sent, and which operations take them.</summary>
internal static class SecurityDocs
{
    private const string InHeader = "apiKey";
    private const string AsBearer = "bearer";

    /// <summary>The two ways to send a key.</summary>
    public static void AddSecuritySchemes(this SwaggerGenOptions swagger)
    {
        swagger.AddSecurityDefinition(
            InHeader,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = BroughtKey.Header,
                Description = "A key that the operator gave you.",
            }
        );
        swagger.AddSecurityDefinition(
            AsBearer,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = BroughtKey.Scheme.ToLowerInvariant(),
                Description = "The same key as `Authorization: Bearer`.",
            }
        );
    }

    /// <summary>What an operation takes: one of the two, or, where this service asks for none, nothing as well.</summary>
    /// <param name="required">Role of its callers; null for everybody.</param>
    /// <param name="demand">For what this service asks for keys.</param>
    /// <param name="document">Where the schemes are defined.</param>
    public static List<OpenApiSecurityRequirement> Of(RequiredRole? required, KeyDemand demand, OpenApiDocument document)
    {
        if (required is null)
            return [];
        List<OpenApiSecurityRequirement> either = [Requirement(InHeader, document), Requirement(AsBearer, document)];
        return required.Role == KeyRole.Admin || demand.ToClassify ? either : [new OpenApiSecurityRequirement(), .. either];
    }

    private static OpenApiSecurityRequirement Requirement(string scheme, OpenApiDocument document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
