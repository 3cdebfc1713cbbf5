using Saccade.Api.Bodies;
using Saccade.Api.Contracts;
using Saccade.Api.Errors;
using Saccade.Api.Parameters;
using Saccade.Api.Requests;
using Saccade.Inference;
using Saccade.Inference.Classification;

namespace Saccade.Api.Endpoints;

/// <summary>Hands one image to the engine and puts its answer into the terms of HTTP.</summary>
internal sealed class ImageClassifier(ClassificationPipeline pipeline)
{
    /// <summary>Classifies <paramref name="image"/>, which must not be disposed before the answer is there.</summary>
    public Task<ImageAnswer<ClassifyResponse>> ClassifyAsync(
        ReceivedImage image,
        ClassifyParameters parameters,
        RequestProgress progress,
        CancellationToken clientClosed
    ) => AskAsync(image, parameters, progress, answer => ClassifyResponses.Of(answer, progress.Id), clientClosed);

    /// <summary>Embeds <paramref name="image"/>, which must not be disposed before the answer is there.</summary>
    public Task<ImageAnswer<EmbedResponse>> EmbedAsync(
        ReceivedImage image,
        EmbedParameters parameters,
        RequestProgress progress,
        CancellationToken clientClosed
    ) => AskAsync(image, parameters, progress, answer => EmbedResponses.Of(answer, parameters.Normalise, progress.Id), clientClosed);

    private async Task<ImageAnswer<T>> AskAsync<T>(
        ReceivedImage image,
        ImageParameters parameters,
        RequestProgress progress,
        Func<ClassifyAnswer, T> response,
        CancellationToken clientClosed
    )
        where T : class
    {
        if (image.Bytes.Length == 0)
            return new(Response: null, Refusal.Of(ApiFailure.MissingImage, "The image is empty: it has 0 bytes."), Timings: null);

        try
        {
            var request = parameters.ToRequest(image.Bytes.Memory, progress);
            return await pipeline.ClassifyAsync(request, clientClosed) switch
            {
                ClassifyAnswer answer => new(response(answer), Refusal: null, answer.Timings) { Cached = answer.Cached, Age = answer.Age },
                ClassifyRefusal refusal => new(Response: null, Refusal.Of(refusal), refusal.Timings),
                var other => throw new InvalidOperationException($"The engine returned a {other.GetType().Name}."),
            };
        }
        catch (OperationCanceledException) when (clientClosed.IsCancellationRequested)
        {
            return new(
                Response: null,
                Refusal.Of(ApiFailure.ClientClosedRequest, "The client hung up before the answer was ready."),
                Timings: null
            );
        }
    }
}
