using System.Text.Json.Serialization;

namespace Saccade.Client;

/// <summary>The JSON of the service's answers, read without reflection. Members that this version does not know are passed over; one that
/// it needs and does not find is an error.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(Classification))]
[JsonSerializable(typeof(Embedding))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>A problem document (RFC 9457) with what a Saccade service adds.</summary>
/// <param name="Code">Stable; null if someone else's.</param>
/// <param name="Title">The kind of problem in words.</param>
/// <param name="Detail">What was wrong with this request.</param>
/// <param name="RequestId">To quote when asking about it.</param>
/// <param name="Errors">What is wrong with each bad parameter.</param>
internal sealed record Problem(
    string? Code = null,
    string? Title = null,
    string? Detail = null,
    string? RequestId = null,
    IReadOnlyDictionary<string, string>? Errors = null
);
