using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using NJsonSchema;
using Swashbuckle.AspNetCore.Swagger;
using Document = NSwag.OpenApiDocument;

namespace Saccade.Api.Tests.Support;

/// <summary>What the OpenAPI document says of the bodies of answers, held against those that tests get.</summary>
internal sealed class DocumentedBodies
{
    private static readonly Lock Gate = new();
    private static Task<DocumentedBodies>? _shared;

    private readonly Document _document;

    public DocumentedBodies(Document document)
    {
        _document = document;
        // The document leaves every object open for members of later versions. Those of this version must all be in it.
        foreach (var schema in document.Components.Schemas.Values.Where(schema => schema.Properties.Count > 0))
            schema.AllowAdditionalProperties = false;
    }

    /// <summary>Those of the first service that asks: the answers' schemas depend on no setting.</summary>
    public static Task<DocumentedBodies> OfAsync(IServiceProvider services)
    {
        lock (Gate)
            return _shared ??= ReadAsync(services);
    }

    /// <summary>What is wrong with an answer by the document; nothing if the document does not know the route.</summary>
    /// <param name="method">Of the request.</param>
    /// <param name="path">Of the request, without its query.</param>
    /// <param name="status">Of the answer.</param>
    /// <param name="type">Media type of the answer.</param>
    /// <param name="json">Its body.</param>
    public IReadOnlyList<string> Mistakes(HttpMethod method, string path, int status, string type, string json)
    {
        var route = _document.Paths.FirstOrDefault(route => Fits(route.Key, path));
        if (route.Value is null || !route.Value.TryGetValue(method.Method.ToLowerInvariant(), out var operation))
            return [];

        var what = $"{method} {route.Key} {status} {type}";
        if (!operation.ActualResponses.TryGetValue(status.ToString(CultureInfo.InvariantCulture), out var response))
            return [$"{what}: the status is not documented"];
        if (!response.Content.TryGetValue(type, out var content))
            return [$"{what}: the media type is not documented"];
        lock (Gate)
            return [.. content.Schema.Validate(json, SchemaType.OpenApi3).Select(mistake => $"{what}: {mistake}")];
    }

    private static async Task<DocumentedBodies> ReadAsync(IServiceProvider services)
    {
        var document = services.GetRequiredService<ISwaggerProvider>().GetSwagger("v1");
        return new(await Document.FromJsonAsync(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_0)));
    }

    private static bool Fits(string route, string path)
    {
        var (pattern, parts) = (route.Split('/'), path.Split('/'));
        return pattern.Length == parts.Length && pattern.Zip(parts).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
    }
}
