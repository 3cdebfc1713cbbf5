using Microsoft.Extensions.Options;
using Saccade.Api.Bodies;
using Saccade.Api.Contracts;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Api.Parameters;
using Saccade.Api.Requests;
using Saccade.Inference;
using Saccade.Inference.Models;

namespace Saccade.Api.Endpoints;

/// <summary><c>POST /classify/batch</c>: several images in, one result or one problem each out, in their order.</summary>
internal static class ClassifyBatchEndpoint
{
    public const string Route = "/classify/batch";

    public static async Task<IResult> HandleAsync(
        HttpContext context,
        ImageBodyReader bodies,
        ImageClassifier classifier,
        ModelCatalog catalog,
        IOptions<LimitsOptions> limits,
        IOptions<RequestsOptions> requests,
        RequestDeadline deadlines,
        FailureWriter failures
    )
    {
        var parameters = ClassifyParameters.Read(context.Request, limits.Value, requests.Value, catalog.CropModes, out var errors);
        if (errors.Count > 0)
            return new RefusalResult(Refusal.Parameters(errors));

        var bounds = new BodyBounds(limits.Value.MaxBatchBodyBytes, limits.Value.MaxImagesPerBatch);
        using var deadline = deadlines.Start(parameters.Deadline);
        using var body = await bodies.ReadAsync(context, bounds, deadline.Token);
        if (body.Refusal is { } refusal)
            return new RefusalResult(refusal);

        // All at once, each decoding on a thread of the pool, so that their crops share batches. WhenAll waits for every one even if
        // one throws: they read the body's memory.
        var progress = RequestProgress.Of(context);
        var answers = await Task.WhenAll(
            body.Images.Select(image => Task.Run(() => classifier.ClassifyAsync(image, parameters, progress, context.RequestAborted)))
        );

        progress.Timings = Slowest(answers);
        if (RefusedAlike(answers) is { } shared)
            return new RefusalResult(shared);

        foreach (var refused in answers.Select(answer => answer.Refusal).OfType<Refusal>())
            failures.Record(context, refused.Response, progress.Id);
        BatchItem[] items = [.. answers.Select((answer, index) => Item(answer, index, body.Images[index].FileName, progress.Id))];
        return TypedResults.Json(items, ApiJsonContext.Default.BatchItemArray);
    }

    private static BatchItem Item(ImageAnswer<ClassifyResponse> answer, int index, string? fileName, string id) =>
        new()
        {
            Index = index,
            FileName = fileName,
            Result = answer.Response,
            Problem = answer.Refusal is { } refusal ? ProblemFormat.Problem(refusal, id) : null,
        };

    // The batch takes as long as its slowest image, so that one's stages explain the time.
    private static StageTimings? Slowest(ImageAnswer<ClassifyResponse>[] answers) =>
        answers.MaxBy(answer => answer.Timings?.Total)?.Timings;

    // An unknown model or a full queue concerns the request, not its images; clients and balancers look for it in the status.
    private static Refusal? RefusedAlike(ImageAnswer<ClassifyResponse>[] answers)
    {
        var first = answers[0].Refusal;
        return first is { Response.OfImage: false } && Array.TrueForAll(answers, answer => answer.Refusal?.Response == first.Response)
            ? first
            : null;
    }
}
