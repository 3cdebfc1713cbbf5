using Microsoft.Extensions.Options;
using Saccade.Api.Errors;
using Saccade.Api.Parameters;
using Saccade.Inference;
using Saccade.Inference.Decoding;
using Saccade.Inference.Models;
using Saccade.Inference.Scheduling;

namespace Saccade.Api.Endpoints;

/// <summary><c>POST /models/{name}/load</c> and <c>/unload</c>: changes what is served and answers with the model as it is then.</summary>
/// <remarks>A caller that hangs up takes nothing back: half a change would help nobody.</remarks>
internal static class ModelControlEndpoint
{
    public const string LoadRoute = "/models/{name}/load";
    public const string UnloadRoute = "/models/{name}/unload";

    public static Task<IResult> LoadAsync(
        string name,
        HttpContext context,
        ModelControl control,
        ModelCatalog catalog,
        ImageDecoder decoder,
        IOptions<BatchingOptions> batching
    ) =>
        ChangeAsync(
            context.Request,
            version => control.LoadAsync(name, version),
            () => ModelsEndpoint.One(name, catalog, decoder, batching)
        );

    public static Task<IResult> UnloadAsync(
        string name,
        HttpContext context,
        ModelControl control,
        ModelCatalog catalog,
        ImageDecoder decoder,
        IOptions<BatchingOptions> batching
    ) =>
        ChangeAsync(
            context.Request,
            version => control.UnloadAsync(name, version),
            () => ModelsEndpoint.One(name, catalog, decoder, batching)
        );

    /// <summary>Makes a change.</summary>
    /// <param name="request">Says which version, in its query.</param>
    /// <param name="change">Given the version.</param>
    /// <param name="done">The answer when it was made.</param>
    public static async Task<IResult> ChangeAsync(HttpRequest request, Func<string?, Task<ControlResult>> change, Func<IResult> done)
    {
        var query = new QueryReader(request.Query);
        var version = query.Text(ImageParameters.VersionName, ImageParameters.MaxNameLength);
        // Whatever clients of classification may send: "versoin=2" would unload every version.
        query.RefuseOthers();
        if (query.Errors.Count > 0)
            return new RefusalResult(Refusal.Parameters(query.Errors));

        return Refused(await change(version)) is { } refusal ? new RefusalResult(refusal) : done();
    }

    /// <summary>Why a change was not made; null if it was.</summary>
    public static Refusal? Refused(ControlResult result) =>
        result.Outcome switch
        {
            ControlOutcome.Done => null,
            ControlOutcome.UnknownModel => Refusal.Of(ClassifyFailure.UnknownModel, result.Detail!),
            ControlOutcome.Refused => Refusal.Of(ApiFailure.BundleRefused, result.Detail!),
            ControlOutcome.ShuttingDown => Refusal.Of(ClassifyFailure.ShuttingDown, result.Detail!),
            _ => throw new InvalidOperationException($"The engine answered {result.Outcome}."),
        };
}
