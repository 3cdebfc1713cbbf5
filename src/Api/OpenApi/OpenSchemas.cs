using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Saccade.Api.OpenApi;

/// <summary>Says of every object that members may be added to it: a client generated today must read the answers of tomorrow.</summary>
internal sealed class OpenSchemas : ISchemaFilter
{
    /// <inheritdoc/>
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema { AdditionalProperties: null } open)
            open.AdditionalPropertiesAllowed = true;
    }
}
