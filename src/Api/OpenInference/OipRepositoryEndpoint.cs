using Microsoft.AspNetCore.Http.HttpResults;
using Saccade.Api.Endpoints;
using Saccade.Inference.Models;

namespace Saccade.Api.OpenInference;

/// <summary><c>POST /v2/repository/…</c>: the list of versions, and loading and unloading in the protocol's words.</summary>
internal static class OipRepositoryEndpoint
{
    /// <summary>State of a version that answers.</summary>
    public const string Ready = "READY";

    public static IResult Index(ModelCatalog catalog) => List(catalog.List());

    public static Task<IResult> LoadAsync(string name, HttpContext context, ModelControl control, ModelCatalog catalog) =>
        ModelControlEndpoint.ChangeAsync(context.Request, version => control.LoadAsync(name, version), () => Of(name, catalog));

    public static Task<IResult> UnloadAsync(string name, HttpContext context, ModelControl control, ModelCatalog catalog) =>
        ModelControlEndpoint.ChangeAsync(context.Request, version => control.UnloadAsync(name, version), () => Of(name, catalog));

    private static JsonHttpResult<OipIndexEntry[]> Of(string name, ModelCatalog catalog) =>
        List(catalog.List().Where(status => status.Name == name));

    /// <summary>The lines of the index.</summary>
    public static OipIndexEntry[] Entries(IEnumerable<ModelStatus> versions) =>
        [.. versions.Select(status => new OipIndexEntry(status.Name, status.Version, State(status.State), status.Error ?? ""))];

    private static JsonHttpResult<OipIndexEntry[]> List(IEnumerable<ModelStatus> versions) =>
        TypedResults.Json(Entries(versions), OipJson.Default.OipIndexEntryArray);

    private static string State(ModelState state) =>
        state switch
        {
            ModelState.Ready or ModelState.Degraded => Ready,
            ModelState.Loading => "LOADING",
            ModelState.Draining => "UNLOADING",
            _ => "UNAVAILABLE",
        };
}
