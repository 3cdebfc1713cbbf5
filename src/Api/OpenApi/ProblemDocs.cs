using System.Text.Json;
using Microsoft.OpenApi;
using Saccade.Api.Contracts;
using Saccade.Api.Errors;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Saccade.Api.OpenApi;

/// <summary>Documents refusals: one response per status, one example per code.</summary>
internal static class ProblemDocs
{
    private const string RequestIdExample = "4bf92f3577b34da6a3ce929d0e0e4736";

    public static OpenApiResponse Response(IReadOnlyList<FailureResponse> failures, DocumentFilterContext context)
    {
        var response = new OpenApiResponse
        {
            Description = string.Join(" ", failures.Select(failure => $"`{failure.Code}`: {failure.Title}.")),
            Headers = HeaderCatalog.OnEveryResponse(),
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                ["application/problem+json"] = new OpenApiMediaType
                {
                    Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemBody), context.SchemaRepository),
                    Examples = failures.ToDictionary(failure => failure.Code, Example),
                },
            },
        };
        if (failures.Any(failure => failure.RetryAfter is not null))
            response.Headers.Add("Retry-After", HeaderCatalog.RetryAfter());
        if (failures.Any(failure => failure.Code == FailureResponses.For(ApiFailure.UnsupportedMediaType).Code))
            response.Headers.Add("Accept", HeaderCatalog.Accept());
        return response;
    }

    private static IOpenApiExample Example(FailureResponse failure)
    {
        var errors =
            failure.Code == FailureResponses.For(ApiFailure.InvalidParameter).Code
                ? new Dictionary<string, string> { ["topK"] = "topK must be a whole number from 1 to 1000; it is '0'." }
                : null;
        var problem = ProblemFormat.Problem(
            new Refusal(failure, errors?["topK"] ?? $"{failure.Title}.", failure.RetryAfter, Errors: errors),
            RequestIdExample
        );
        return new OpenApiExample
        {
            Summary = failure.Title,
            Value = JsonSerializer.SerializeToNode(problem, ApiJsonContext.Default.ProblemBody),
        };
    }
}
