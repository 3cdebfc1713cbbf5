using Microsoft.Extensions.Options;
using Saccade.Api.Contracts;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Inference;
using Saccade.Inference.Decoding;
using Saccade.Inference.Models;
using Saccade.Inference.Scheduling;

namespace Saccade.Api.Endpoints;

/// <summary><c>GET /models</c> and <c>GET /models/{name}</c>: what is served and how it is doing.</summary>
internal static class ModelsEndpoint
{
    public const string Route = "/models";
    public const string OneRoute = "/models/{name}";

    public static IResult List(
        ModelCatalog catalog,
        ImageDecoder decoder,
        IOptions<LimitsOptions> limits,
        IOptions<DecodingOptions> decoding,
        IOptions<BatchingOptions> batching
    )
    {
        var models = catalog.List();
        var body = new ModelsBody(
            models.FirstOrDefault(model => model.IsDefaultModel)?.Name,
            catalog.IsReady,
            decoder.JpegDecoderName,
            new(
                limits.Value.MaxBodyBytes,
                limits.Value.MaxBatchBodyBytes,
                limits.Value.MaxImagesPerBatch,
                decoding.Value.MaxImagePixels,
                decoding.Value.MaxImageSide,
                batching.Value.DefaultDeadline.TotalMilliseconds,
                limits.Value.MaxDeadline.TotalMilliseconds
            ),
            [.. models.GroupBy(model => model.Name, StringComparer.Ordinal).Select(Summary)]
        );
        return TypedResults.Json(body, ApiJsonContext.Default.ModelsBody);
    }

    public static IResult One(string name, ModelCatalog catalog, ImageDecoder decoder, IOptions<BatchingOptions> batching)
    {
        ModelStatus[] versions = [.. catalog.List().Where(model => model.Name.Equals(name, StringComparison.Ordinal))];
        if (versions.Length == 0)
            return new RefusalResult(Refusal.Of(ClassifyFailure.UnknownModel, "No model has this name; GET /models lists them."));

        var isDefault = Array.Exists(versions, version => version.IsDefaultModel);
        var body = new ModelBody(
            name,
            isDefault,
            decoder.JpegDecoderName,
            [.. versions.Select(version => VersionBodies.Of(version, batching.Value.QueueCapacity))]
        );
        return TypedResults.Json(body, ApiJsonContext.Default.ModelBody);
    }

    private static ModelSummaryBody Summary(IGrouping<string, ModelStatus> versions) =>
        new(
            versions.Key,
            versions.FirstOrDefault(version => version.IsDefault)?.Version,
            [
                .. versions.Select(v => new VersionSummaryBody(
                    v.Version,
                    v.State,
                    v.Ensemble is null ? v.Manifest?.Architecture.Name : "ensemble",
                    v.Labels?.Count,
                    v.Error
                )),
            ]
        );
}
