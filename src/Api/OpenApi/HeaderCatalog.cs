using Microsoft.OpenApi;
using Saccade.Api.Requests;

namespace Saccade.Api.OpenApi;

/// <summary>The headers of responses.</summary>
internal static class HeaderCatalog
{
    public static Dictionary<string, IOpenApiHeader> OnEveryResponse() =>
        new()
        {
            [RequestId.Header] = Text("The request's name: yours if you sent one, else the trace id.", "4bf92f3577b34da6a3ce929d0e0e4736"),
            [ServerTiming.Header] = Text(
                "Milliseconds by stage, as in the body's `timings`; only the total if the request never reached the engine.",
                "total;dur=7.9, decode;dur=1.1, preprocess;dur=0.4, queue;dur=0.6, inference;dur=5.6"
            ),
        };

    /// <summary>Of an answer that may come from the cache.</summary>
    public static Dictionary<string, IOpenApiHeader> OfAnswers() =>
        new()
        {
            [CacheHeaders.Status] = Text(
                "Where the answer came from; absent if it was computed for this request (RFC 9211).",
                "saccade; hit"
            ),
            [CacheHeaders.Age] = new OpenApiHeader
            {
                Description = "Seconds since the answer was computed; absent unless it had been kept (RFC 9111).",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" },
                Example = 42,
            },
        };

    public static OpenApiHeader RetryAfter() =>
        new()
        {
            Description = "Seconds after which trying again makes sense.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" },
            Example = 1,
        };

    public static OpenApiHeader Accept() => Text("The content types that are read here.", "multipart/form-data, image/*");

    private static OpenApiHeader Text(string description, string example) =>
        new()
        {
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = example,
        };
}
