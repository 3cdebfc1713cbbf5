using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Saccade.Api.Errors;

namespace Saccade.Api.OpenApi;

/// <summary>What a client developer must know of an endpoint; attached to it as metadata, turned into OpenAPI by
/// <see cref="ApiDocument"/>.</summary>
internal sealed record EndpointDocs
{
    /// <summary>Unique, for generated clients.</summary>
    public required string OperationId { get; init; }

    /// <summary>Group in the page.</summary>
    public required string Tag { get; init; }

    /// <summary>One line.</summary>
    public required string Summary { get; init; }

    /// <summary>A paragraph, in Markdown.</summary>
    public required string Description { get; init; }

    /// <summary>Query, path and header parameters.</summary>
    public IReadOnlyList<ParameterDocs> Parameters { get; init; } = [];

    /// <summary>The body; null if there is none.</summary>
    public OpenApiRequestBody? Body { get; init; }

    /// <summary>The answers that are no problem documents.</summary>
    public required IReadOnlyList<ResponseDocs> Responses { get; init; }

    /// <summary>Every way to be refused.</summary>
    public IReadOnlyList<FailureResponse> Failures { get; init; } = [];
}

/// <summary>A parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">Where it goes.</param>
/// <param name="Description">What it does.</param>
/// <param name="Schema">Its values, with the default.</param>
/// <param name="Example">A value to try.</param>
internal sealed record ParameterDocs(string Name, ParameterLocation In, string Description, OpenApiSchema Schema, JsonNode Example);

/// <summary>An answer that is no problem document.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Description">When.</param>
/// <param name="ContentType">Of the body; null if there is none.</param>
/// <param name="Body">Type of the body, for its schema; null for text.</param>
/// <param name="Example">A body.</param>
/// <param name="MayBeKept">Whether it may come from the cache, as its headers then say.</param>
internal sealed record ResponseDocs(
    int Status,
    string Description,
    string? ContentType = null,
    Type? Body = null,
    JsonNode? Example = null,
    bool MayBeKept = false
);
