using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Saccade.Api.Contracts;
using Saccade.Api.Errors;
using Saccade.Api.Limits;
using Saccade.Inference;

namespace Saccade.Api.OpenApi;

/// <summary>Documents <c>/classify</c> and what is under it.</summary>
internal static class ClassifyDocs
{
    private const string Tag = "Classify";

    private static readonly ClassifyResponse Answer = new(
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "cifar10-ensemble",
        "1",
        new("auto", 3, StopReason.Confident),
        ["cifar10-googlenet", "cifar10-inception-v3", "cifar10-xception"],
        [new("cat", 3, 0.9931), new("dog", 5, 0.0052)],
        new(7.9, 1.1, 0.4, 0.6, 5.6, 8)
    );

    private const ClassifyFailure NotOfLabels = ClassifyFailure.NoFeatures;

    private static readonly ApiFailure[] OfImages =
    [
        ApiFailure.InvalidParameter,
        ApiFailure.MissingImage,
        ApiFailure.MalformedBody,
        ApiFailure.BodyTooSlow,
        ApiFailure.BodyTooLarge,
        ApiFailure.UnsupportedMediaType,
        ApiFailure.TooManyRequests,
        ApiFailure.RateLimited,
        ApiFailure.KeyRequired,
        ApiFailure.Unhandled,
    ];

    public static EndpointDocs One(LimitsOptions limits) =>
        One(
            limits,
            "classify",
            "Classify one image",
            "Send the image as a form's file: `curl -F image=@cat.png localhost:8080/classify`. The body may also be the image itself, or "
                + "JSON with the image in base64: `Content-Type` tells which. For generated clients those two have paths of their own.\n\n"
                + "The image's type is told by its first bytes, whatever name or content type it comes with.",
            BodyDocs.OneImage(),
            ApiFailure.SeveralImages
        );

    public static EndpointDocs Raw(LimitsOptions limits) =>
        One(
            limits,
            "classifyRaw",
            "Classify one image: the body is the image",
            "`curl --data-binary @cat.png localhost:8080/classify/raw`, with whatever content type.",
            BodyDocs.RawImage()
        );

    public static EndpointDocs Base64(LimitsOptions limits) =>
        One(
            limits,
            "classifyBase64",
            "Classify one image: base64 in JSON",
            "`curl --json '{\"image\":\"iVBORw0KGgo…\"}' localhost:8080/classify/base64`.",
            BodyDocs.Base64Image(),
            ApiFailure.SeveralImages
        );

    private static EndpointDocs One(
        LimitsOptions limits,
        string id,
        string summary,
        string description,
        OpenApiRequestBody body,
        params ApiFailure[] own
    ) =>
        new()
        {
            OperationId = id,
            Tag = Tag,
            Summary = summary,
            Description = description,
            Parameters = ParameterCatalog.Classify(limits),
            Body = body,
            Responses =
            [
                new(
                    200,
                    "The labels, best first.",
                    "application/json",
                    typeof(ClassifyResponse),
                    JsonSerializer.SerializeToNode(Answer, ApiJsonContext.Default.ClassifyResponse),
                    MayBeKept: true
                ),
            ],
            Failures = Failures(own, NotOfLabels),
        };

    public static EndpointDocs Batch(LimitsOptions limits) =>
        new()
        {
            OperationId = "classifyBatch",
            Tag = Tag,
            Summary = "Classify several images",
            Description =
                "One part `image` per image: `curl -F image=@a.png -F image=@b.png localhost:8080/classify/batch`. "
                + "The answer has one item per image, in their order, with a `result` or a `problem`; a bad image does not harm the "
                + "others. "
                + "If all are refused for a reason that is not in the images (no such model, overload, a passed deadline), the whole "
                + "request is.",
            Parameters = ParameterCatalog.Classify(limits),
            Body = BodyDocs.SeveralImages(limits.MaxImagesPerBatch),
            Responses = [new(200, "One item per image.", "application/json", typeof(BatchItem[]), BatchExample())],
            Failures = Failures([ApiFailure.TooManyImages], NotOfLabels),
        };

    /// <summary>Every way in which a request with images is refused.</summary>
    /// <param name="own">The endpoint's own.</param>
    /// <param name="never">What the engine does not say to it.</param>
    public static FailureResponse[] Failures(ApiFailure[] own, params ReadOnlySpan<ClassifyFailure> never) =>
        [
            .. OfImages.Concat(own).Select(FailureResponses.For),
            .. Enum.GetValues<ClassifyFailure>().Except(never.ToArray()).Select(FailureResponses.For),
        ];

    private static JsonNode? BatchExample()
    {
        var refusal = Refusal.Of(ClassifyFailure.UnsupportedImage, "The bytes are of no image format that is read here.");
        BatchItem[] items =
        [
            new()
            {
                Index = 0,
                FileName = "cat.png",
                Result = Answer,
            },
            new()
            {
                Index = 1,
                FileName = "notes.txt",
                Problem = ProblemFormat.Problem(refusal, Answer.Id),
            },
        ];
        return JsonSerializer.SerializeToNode(items, ApiJsonContext.Default.BatchItemArray);
    }
}
