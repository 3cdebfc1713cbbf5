using Microsoft.Extensions.Options;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Inference;
using Saccade.Inference.Classification;
using Saccade.Inference.Models;

namespace Saccade.Api.OpenInference;

/// <summary>Encoded images in place of tensors: the only input of an ensemble, and one that every model takes besides its own.</summary>
internal sealed class OipImages(ClassificationPipeline pipeline, ModelCatalog catalog, IOptions<LimitsOptions> limits)
{
    /// <summary>The input: BYTES, [N, 1], an image a row.</summary>
    public const string InputName = "image";

    /// <summary>The output: FP32, [N, classes].</summary>
    public const string OutputName = "probabilities";

    /// <summary>Classifies the images, all at once, so that their crops share batches.</summary>
    /// <param name="input">The images; one that is refused takes the whole request with it.</param>
    /// <param name="call">Which model, and until when.</param>
    /// <param name="cancellationToken">The client hung up.</param>
    /// <returns>One of the two.</returns>
    /// <exception cref="InvalidDataException">The model has no such input.</exception>
    public async Task<(InferAnswer? Answer, Refusal? Refusal)> ClassifyAsync(
        ImagesInput input,
        InferCall call,
        CancellationToken cancellationToken
    )
    {
        var status = OipModelEndpoint.Find(call.Model, call.Version, catalog);
        if (status?.Labels is not { } labels)
            return (null, OipModelEndpoint.NotServed(call.Model, call.Version, status));
        if (input.Name != InputName && input.Name != status.Layout?.InputName)
            throw new InvalidDataException($"There is no input '{input.Name}' for images; it is '{InputName}'.");
        if (input.Images.Count > limits.Value.MaxImagesPerBatch)
            return (null, Refusal.Of(ApiFailure.TooManyImages, $"A request may hold at most {limits.Value.MaxImagesPerBatch} images."));
        if (input.Images.Any(image => image.IsEmpty))
            return (null, Refusal.Of(ApiFailure.MissingImage, "An image is empty: it has 0 bytes."));

        // WhenAll waits for every one even if one throws: they read the body's memory. So none is cancelled before it runs, either.
        var outcomes = await Task.WhenAll(
            input.Images.Select(image => Task.Run(() => pipeline.ClassifyAsync(Request(image), cancellationToken), CancellationToken.None))
        );
        if (outcomes.OfType<ClassifyRefusal>().FirstOrDefault() is { } refused)
            return (null, Refusal.Of(refused));

        var answers = Array.ConvertAll(outcomes, outcome => (ClassifyAnswer)outcome);
        var numbers = new float[answers.Length * labels.Count];
        for (var row = 0; row < answers.Length; row++)
        {
            foreach (var prediction in answers[row].Predictions)
                numbers[(row * labels.Count) + prediction.Index] = prediction.Probability;
        }

        // The slowest explains the time.
        var timings = answers.MaxBy(answer => answer.Timings.Total)!.Timings;
        return (new(answers[0].Model, answers[0].Version, OutputName, [labels.Count], labels, answers.Length, numbers, timings), null);

        ClassifyRequest Request(ReadOnlyMemory<byte> image) =>
            new()
            {
                Image = image,
                Model = call.Model,
                Version = call.Version,
                TopK = labels.Count,
                ArrivedAt = call.ArrivedAt,
                Deadline = call.Deadline,
                Priority = call.Priority,
            };
    }
}
