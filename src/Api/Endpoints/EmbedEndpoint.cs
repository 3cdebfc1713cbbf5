using Microsoft.Extensions.Options;
using Saccade.Api.Bodies;
using Saccade.Api.Contracts;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Api.Parameters;
using Saccade.Api.Requests;
using Saccade.Inference.Models;

namespace Saccade.Api.Endpoints;

/// <summary><c>POST /embed</c>: one image in, the features that the classifier would see out. Steps as in
/// <see cref="ClassifyEndpoint"/>.</summary>
internal static class EmbedEndpoint
{
    public const string Route = "/embed";

    public static async Task<IResult> HandleAsync(
        HttpContext context,
        ImageBodyReader bodies,
        ImageClassifier classifier,
        ModelCatalog catalog,
        IOptions<LimitsOptions> limits,
        IOptions<RequestsOptions> requests,
        RequestDeadline deadlines
    )
    {
        var parameters = EmbedParameters.Read(context.Request, limits.Value, requests.Value, catalog.CropModes, out var errors);
        if (errors.Count > 0)
            return new RefusalResult(Refusal.Parameters(errors));

        using var deadline = deadlines.Start(parameters.Deadline);
        using var body = await bodies.ReadAsync(context, new(limits.Value.MaxBodyBytes, MaxImages: 1), deadline.Token);
        if (body.Refusal is { } refusal)
            return new RefusalResult(refusal);

        var progress = RequestProgress.Of(context);
        var answer = await classifier.EmbedAsync(body.Images[0], parameters, progress, context.RequestAborted);
        progress.Timings = answer.Timings;
        CacheHeaders.Write(context.Response.Headers, answer.Cached, answer.Age);
        return answer.Response is { } response
            ? TypedResults.Json(response, ApiJsonContext.Default.EmbedResponse)
            : new RefusalResult(answer.Refusal!);
    }
}
