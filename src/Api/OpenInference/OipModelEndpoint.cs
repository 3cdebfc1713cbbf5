using System.Diagnostics.CodeAnalysis;
using Saccade.Api.Errors;
using Saccade.Inference;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Models;

namespace Saccade.Api.OpenInference;

/// <summary><c>GET /v2/models/{name}[/versions/{version}]</c>, its <c>/ready</c> and its <c>/config</c>.</summary>
internal static class OipModelEndpoint
{
    private const string Platform = "onnxruntime_onnx";

    public static IResult Describe(string name, string? version, ModelCatalog catalog) => OfLoaded(
        name, version, catalog, status => TypedResults.Json(Description(status, catalog), OipJson.Default.OipModel));

    public static IResult Ready(string name, string? version, ModelCatalog catalog) => OfLoaded(
        name, version, catalog, static status => TypedResults.Json(new OipModelReady(status.Name, Ready: true), OipJson.Default.OipModelReady));

    public static IResult Configuration(string name, string? version, ModelCatalog catalog) => OfLoaded(name, version, catalog, static status =>
    {
        var layout = status.Layout!;
        return TypedResults.Json(
            new OipConfig(
                status.Name,
                Platform,
                status.BatchLimits!.Maximum,
                [new(layout.InputName, $"TYPE_{OipDatatype.Of(layout.InputType)}", layout.InputShape)],
                [new(layout.OutputName, $"TYPE_{OipDatatype.Float32}", layout.OutputShape)]),
            OipJson.Default.OipConfig);
    });

    /// <summary>The version that is asked for; null if there is none such.</summary>
    public static ModelStatus? Find(string name, string? version, ModelCatalog catalog) =>
        catalog.List().FirstOrDefault(status => status.Name == name && (version is null ? status.IsDefault : status.Version == version));

    /// <summary>Whether a version answers tensors.</summary>
    public static bool IsServed([NotNullWhen(true)] ModelStatus? status) => status is { Layout: not null, State: ModelState.Ready or ModelState.Degraded };

    /// <summary>What a version that answers takes and gives.</summary>
    public static OipModel Description(ModelStatus status, ModelCatalog catalog)
    {
        var layout = status.Layout!;
        return new(
            status.Name,
            [.. catalog.List().Where(other => other.Name == status.Name && other.Layout is not null).Select(other => other.Version)],
            Platform,
            [new(layout.InputName, OipDatatype.Of(layout.InputType), [-1, .. layout.InputShape])],
            [new(layout.OutputName, OipDatatype.Float32, [-1, .. layout.OutputShape])]);
    }

    /// <summary>Why a version cannot answer.</summary>
    public static Refusal NotServed(string name, string? version, ModelStatus? status) => status switch
    {
        null => Refusal.Of(ClassifyFailure.UnknownModel, $"There is no model '{name}'{(version is null ? "" : $" in version '{version}'")}."),
        { State: ModelState.Unloaded or ModelState.Draining } => Refusal.Of(ClassifyFailure.UnknownModel, $"Model '{name}/{status.Version}' is not loaded."),
        { Ensemble: not null, State: ModelState.Ready or ModelState.Degraded } =>
            Refusal.Of(ClassifyFailure.UnknownModel, $"'{name}/{status.Version}' is an ensemble: it takes pictures, and its members take tensors."),
        _ => Refusal.Of(ClassifyFailure.NotReady, status.Error is { } error ? $"Model '{name}/{status.Version}' is not served: {error}" : $"Model '{name}/{status.Version}' is not ready."),
    };

    private static IResult OfLoaded(string name, string? version, ModelCatalog catalog, Func<ModelStatus, IResult> answer)
    {
        var status = Find(name, version, catalog);
        return IsServed(status)
            ? answer(status)
            : new RefusalResult(NotServed(name, version, status));
    }
}
