using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Inference;
using Saccade.Inference.Models;

namespace Saccade.Api.OpenInference;

/// <summary><c>GET /v2/models/{name}[/versions/{version}]</c>, its <c>/ready</c> and its <c>/config</c>.</summary>
internal static class OipModelEndpoint
{
    private const string Platform = "onnxruntime_onnx";
    private const string EnsemblePlatform = "ensemble";

    public static IResult Describe(string name, string? version, ModelCatalog catalog) =>
        OfLoaded(name, version, catalog, status => TypedResults.Json(Description(status, catalog), OipJson.Default.OipModel));

    public static IResult Ready(string name, string? version, ModelCatalog catalog) =>
        OfLoaded(
            name,
            version,
            catalog,
            static status => TypedResults.Json(new OipModelReady(status.Name, Ready: true), OipJson.Default.OipModelReady)
        );

    public static IResult Configuration(string name, string? version, ModelCatalog catalog, IOptions<LimitsOptions> limits) =>
        OfLoaded(name, version, catalog, status => TypedResults.Json(Configuration(status, limits.Value), OipJson.Default.OipConfig));

    /// <summary>The version that is asked for; null if there is none such.</summary>
    public static ModelStatus? Find(string name, string? version, ModelCatalog catalog) =>
        catalog.List().FirstOrDefault(status => status.Name == name && (version is null ? status.IsDefault : status.Version == version));

    /// <summary>Whether there is a version to read a request for; whether it answers is the engine's to say.</summary>
    public static bool TakesRequests([NotNullWhen(true)] ModelStatus? status) =>
        status is { Layout: not null } or { Labels: not null, Ensemble: not null };

    /// <summary>Whether a version answers: a model tensors and images, an ensemble images.</summary>
    public static bool IsServed([NotNullWhen(true)] ModelStatus? status) =>
        TakesRequests(status) && status.State is (ModelState.Ready or ModelState.Degraded);

    /// <summary>What a version that answers takes and gives.</summary>
    public static OipModel Description(ModelStatus status, ModelCatalog catalog)
    {
        string[] versions =
        [
            .. catalog.List().Where(other => other.Name == status.Name && TakesRequests(other)).Select(other => other.Version),
        ];
        return status.Layout is { } layout
            ? new(
                status.Name,
                versions,
                Platform,
                [new(layout.InputName, OipDatatype.Of(layout.InputType), [-1, .. layout.InputShape])],
                [new(layout.OutputName, OipDatatype.Float32, [-1, .. layout.OutputShape])]
            )
            : new(
                status.Name,
                versions,
                EnsemblePlatform,
                [new(OipImages.InputName, OipDatatype.Bytes, [-1, 1])],
                [new(OipImages.OutputName, OipDatatype.Float32, [-1, status.Labels!.Count])]
            );
    }

    private static OipConfig Configuration(ModelStatus status, LimitsOptions limits) =>
        status.Layout is { } layout
            ? new(
                status.Name,
                Platform,
                status.BatchLimits!.Maximum,
                [new(layout.InputName, $"TYPE_{OipDatatype.Of(layout.InputType)}", layout.InputShape)],
                [new(layout.OutputName, $"TYPE_{OipDatatype.Float32}", layout.OutputShape)]
            )
            : new(
                status.Name,
                EnsemblePlatform,
                limits.MaxImagesPerBatch,
                // What a configuration calls BYTES.
                [new(OipImages.InputName, "TYPE_STRING", [1])],
                [new(OipImages.OutputName, $"TYPE_{OipDatatype.Float32}", [status.Labels!.Count])]
            );

    /// <summary>Why a version cannot answer.</summary>
    public static Refusal NotServed(string name, string? version, ModelStatus? status) =>
        status switch
        {
            null => Refusal.Of(
                ClassifyFailure.UnknownModel,
                $"There is no model '{name}'{(version is null ? "" : $" in version '{version}'")}."
            ),
            { State: ModelState.Unloaded or ModelState.Draining } => Refusal.Of(
                ClassifyFailure.UnknownModel,
                $"Model '{name}/{status.Version}' is not loaded."
            ),
            _ => Refusal.Of(
                status.IsBroken ? ClassifyFailure.ModelBroken : ClassifyFailure.NotReady,
                status.Error is { } error
                    ? $"Model '{name}/{status.Version}' is not served: {error}"
                    : $"Model '{name}/{status.Version}' is not ready."
            ),
        };

    private static IResult OfLoaded(string name, string? version, ModelCatalog catalog, Func<ModelStatus, IResult> answer)
    {
        var status = Find(name, version, catalog);
        return IsServed(status) ? answer(status) : new RefusalResult(NotServed(name, version, status));
    }
}
