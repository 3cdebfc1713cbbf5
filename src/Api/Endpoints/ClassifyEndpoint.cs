using Microsoft.Extensions.Options;
using Saccade.Api.Bodies;
using Saccade.Api.Contracts;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Api.Parameters;
using Saccade.Api.Requests;
using Saccade.Inference.Models;

namespace Saccade.Api.Endpoints;

/// <summary><c>POST /classify</c>: one image in, labels out. Under <c>/classify/raw</c> and <c>/classify/base64</c> the same for clients
/// that were generated, to which an operation has one form of body.</summary>
internal static class ClassifyEndpoint
{
    public const string Route = "/classify";
    public const string RawRoute = "/classify/raw";
    public const string Base64Route = "/classify/base64";

    /// <summary>The life of a request on the HTTP side; step 3 goes on in <c>ClassificationPipeline</c>.</summary>
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
        // 1. What is asked for.
        var parameters = ClassifyParameters.Read(context.Request, limits.Value, requests.Value, catalog.CropModes, out var errors);
        if (errors.Count > 0)
            return new RefusalResult(Refusal.Parameters(errors));

        // 2. The image, if it arrives before the deadline.
        using var deadline = deadlines.Start(parameters.Deadline);
        using var body = await bodies.ReadAsync(context, new(limits.Value.MaxBodyBytes, MaxImages: 1), deadline.Token);
        if (body.Refusal is { } refusal)
            return new RefusalResult(refusal);

        // 3. The labels.
        var progress = RequestProgress.Of(context);
        var answer = await classifier.ClassifyAsync(body.Images[0], parameters, progress, context.RequestAborted);

        // 4. The response, with the engine's own measurements in body and headers.
        progress.Timings = answer.Timings;
        CacheHeaders.Write(context.Response.Headers, answer.Cached, answer.Age);
        return answer.Response is { } response
            ? TypedResults.Json(response, ApiJsonContext.Default.ClassifyResponse)
            : new RefusalResult(answer.Refusal!);
    }
}
