using System.Text.Json;
using System.Text.Json.Serialization;
using Saccade.Inference;
using Saccade.Inference.Models;

namespace Saccade.Api.Contracts;

/// <summary>The JSON of every answer, generated at build time: camelCase, members that do not apply left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(ModelStateConverter), typeof(StopReasonConverter), typeof(CacheUseConverter)]
)]
[JsonSerializable(typeof(ClassifyResponse))]
[JsonSerializable(typeof(EmbedResponse))]
[JsonSerializable(typeof(BatchItem[]))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(ModelsBody))]
[JsonSerializable(typeof(ModelBody))]
[JsonSerializable(typeof(HealthBody))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;

/// <summary>States in camelCase, like everything else.</summary>
internal sealed class ModelStateConverter() : JsonStringEnumConverter<ModelState>(JsonNamingPolicy.CamelCase);

/// <summary>Reasons likewise.</summary>
internal sealed class StopReasonConverter() : JsonStringEnumConverter<StopReason>(JsonNamingPolicy.CamelCase);

/// <summary>The same.</summary>
internal sealed class CacheUseConverter() : JsonStringEnumConverter<CacheUse>(JsonNamingPolicy.CamelCase);
