using System.Text.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Saccade.Api.OpenInference;

/// <summary>Names the members of the protocol's types as <see cref="OipJson"/> writes them.</summary>
internal sealed class OipSchemas : ISchemaFilter
{
    /// <inheritdoc/>
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.Type.Namespace != typeof(OipSchemas).Namespace || schema is not OpenApiSchema { Properties: { } members } named)
            return;
        named.Properties = members.ToDictionary(member => NameOf(member.Key), member => member.Value);
        named.Required = named.Required?.Select(NameOf).ToHashSet();
    }

    private static string NameOf(string member) => JsonNamingPolicy.SnakeCaseLower.ConvertName(member);
}
