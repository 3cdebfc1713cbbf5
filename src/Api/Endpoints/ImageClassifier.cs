using Saccade.Api.Bodies;
using Saccade.Api.Errors;
using Saccade.Api.Parameters;
using Saccade.Inference;
using Saccade.Inference.Classification;

namespace Saccade.Api.Endpoints;

/// <summary>Hands one image to the engine and puts its answer into the terms of HTTP.</summary>
internal sealed class ImageClassifier(ClassificationPipeline pipeline)
{
    /// <summary>Classifies <paramref name="image"/>, which must not be disposed before the answer is there.</summary>
    public async Task<ImageAnswer> ClassifyAsync(
        ReceivedImage image,
        ClassifyParameters parameters,
        string id,
        long arrivedAt,
        CancellationToken clientClosed
    )
    {
        if (image.Bytes.Length == 0)
            return new(Response: null, Refusal.Of(ApiFailure.MissingImage, "The image is empty: it has 0 bytes."), Timings: null);

        try
        {
            var request = parameters.ToRequest(image.Bytes.Memory, arrivedAt);
            return await pipeline.ClassifyAsync(request, clientClosed) switch
            {
                ClassifyAnswer labels => new(ClassifyResponses.Of(labels, id), Refusal: null, labels.Timings),
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
