using Microsoft.OpenApi;
using Saccade.Api.Access;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Saccade.Api.OpenApi;

/// <summary>
/// Writes the paths of the OpenAPI document from the endpoints' <see cref="EndpointDocs"/>. The endpoints read their requests
/// themselves (all errors at once, bodies in three forms), so nothing could be inferred from their signatures.
/// </summary>
internal sealed class ApiDocument(EndpointDataSource endpoints, KeyDemand demand) : IDocumentFilter
{
    /// <inheritdoc/>
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        // The service itself, under whatever host and port it was asked for this document.
        swaggerDoc.Servers = [new OpenApiServer { Url = "/" }];
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<EndpointDocs>() is not { } docs)
                continue;

            var path = $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}";
            if (!swaggerDoc.Paths.TryGetValue(path, out var item))
                swaggerDoc.Paths.Add(path, item = new OpenApiPathItem { Operations = [] });
            var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is [var only]
                ? HttpMethod.Parse(only)
                : HttpMethod.Get;
            var operation = Operation(docs, swaggerDoc, context);
            operation.Security = SecurityDocs.Of(endpoint.Metadata.GetMetadata<RequiredRole>(), demand, swaggerDoc);
            item.Operations!.Add(method, operation);
            (swaggerDoc.Tags ??= new HashSet<OpenApiTag>()).Add(new OpenApiTag { Name = docs.Tag });
        }
    }

    private static OpenApiOperation Operation(EndpointDocs docs, OpenApiDocument document, DocumentFilterContext context)
    {
        var operation = new OpenApiOperation
        {
            OperationId = docs.OperationId,
            Summary = docs.Summary,
            Description = docs.Description,
            Tags = new HashSet<OpenApiTagReference> { new(docs.Tag, document) },
            Parameters = [.. docs.Parameters.Select(Parameter)],
            RequestBody = docs.Body,
            Responses = [],
        };
        foreach (var response in docs.Responses)
            operation.Responses.Add($"{response.Status}", Response(response, context));
        foreach (var sameStatus in docs.Failures.GroupBy(failure => failure.Status).OrderBy(group => group.Key))
            operation.Responses.Add($"{sameStatus.Key}", ProblemDocs.Response([.. sameStatus], context));
        return operation;
    }

    private static OpenApiParameter Parameter(ParameterDocs parameter)
    {
        // Swagger's "Execute" sends what has an example or a default, so those of optional parameters stand in their descriptions.
        var isRequired = parameter.In == ParameterLocation.Path;
        var without = parameter.Schema.Default is { } standard ? $" Default: `{standard}`." : "";
        return new()
        {
            Name = parameter.Name,
            In = parameter.In,
            Description = isRequired ? parameter.Description : $"{parameter.Description} Example: `{parameter.Example}`.{without}",
            Required = isRequired,
            Schema = WithoutDefault(parameter.Schema),
            Example = isRequired ? parameter.Example.DeepClone() : null,
        };
    }

    private static OpenApiSchema WithoutDefault(OpenApiSchema schema)
    {
        var copy = (OpenApiSchema)schema.CreateShallowCopy();
        copy.Default = null;
        return copy;
    }

    private static OpenApiResponse Response(ResponseDocs docs, DocumentFilterContext context)
    {
        var response = new OpenApiResponse { Description = docs.Description, Headers = HeaderCatalog.OnEveryResponse() };
        if (docs.MayBeKept)
        {
            foreach (var (name, header) in HeaderCatalog.OfAnswers())
                response.Headers.Add(name, header);
        }

        if (docs.ContentType is { } contentType)
        {
            response.Content = new Dictionary<string, IOpenApiMediaType>
            {
                [contentType] = new OpenApiMediaType
                {
                    Schema = docs.Body is { } body
                        ? context.SchemaGenerator.GenerateSchema(body, context.SchemaRepository)
                        : new OpenApiSchema { Type = JsonSchemaType.String },
                    Example = docs.Example?.DeepClone(),
                },
            };
        }

        return response;
    }
}
