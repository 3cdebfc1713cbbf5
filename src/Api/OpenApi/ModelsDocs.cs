using System.Text.Json;
using System.Text.Json.Nodes;
using Saccade.Api.Contracts;
using Saccade.Api.Errors;
using Saccade.Inference;
using Saccade.Inference.Bundles;
using Saccade.Inference.Models;

namespace Saccade.Api.OpenApi;

/// <summary>Documents <c>/models</c> and what is under it.</summary>
internal static class ModelsDocs
{
    private const string Tag = "Models";

    public static EndpointDocs List { get; } =
        new()
        {
            OperationId = "listModels",
            Tag = Tag,
            Summary = "List the models",
            Description =
                "Every model and version that was found, those that failed to load too, and the limits that requests are held to.",
            Parameters = [ParameterCatalog.RequestIdHeader],
            Responses =
            [
                new(
                    200,
                    "The models.",
                    "application/json",
                    typeof(ModelsBody),
                    JsonSerializer.SerializeToNode(ListExample, ApiJsonContext.Default.ModelsBody)
                ),
            ],
            Failures = [FailureResponses.For(ApiFailure.Unhandled)],
        };

    public static EndpointDocs One { get; } =
        new()
        {
            OperationId = "getModel",
            Tag = Tag,
            Summary = "Describe a model",
            Description = "Each version in full: state, device, sessions, queue, input, preprocessing, measured accuracy and labels.",
            Parameters = [ParameterCatalog.ModelNameInPath, ParameterCatalog.RequestIdHeader],
            Responses = [new(200, "The model.", "application/json", typeof(ModelBody), Serialized(OneExample))],
            Failures = [FailureResponses.For(ClassifyFailure.UnknownModel), FailureResponses.For(ApiFailure.Unhandled)],
        };

    public static EndpointDocs Load { get; } =
        new()
        {
            OperationId = "loadModel",
            Tag = Tag,
            Summary = "Load a version of a model",
            Description =
                "Reads the version's folder anew, whether or not it serves already: its files are checked, its sessions made and warmed "
                + "up beside what "
                + "serves; then requests go to it from one moment to the next, and what served before finishes what it accepted and is "
                + "freed. A bundle that "
                + "cannot be served is refused with the reason, and nothing changes. The answer comes when the version serves. "
                + WhoMay,
            Parameters = [ParameterCatalog.ModelNameInPath, ParameterCatalog.VersionToLoad, ParameterCatalog.RequestIdHeader],
            Responses = [new(200, "The model as it is served now.", "application/json", typeof(ModelBody), Serialized(OneExample))],
            Failures = [.. OfControl.Append(FailureResponses.For(ApiFailure.BundleRefused))],
        };

    public static EndpointDocs Unload { get; } =
        new()
        {
            OperationId = "unloadModel",
            Tag = Tag,
            Summary = "Take a version of a model, or all of them, out of service",
            Description =
                "New requests for it are refused as `unknown-model`; what it accepted is answered, then its memory is freed, then the "
                + "answer comes. "
                + "If it was the default version, the highest of the others with its labels that works takes its place. "
                + WhoMay,
            Parameters = [ParameterCatalog.ModelNameInPath, ParameterCatalog.VersionToUnload, ParameterCatalog.RequestIdHeader],
            Responses = [new(200, "The model as it is now.", "application/json", typeof(ModelBody), Serialized(OneExample))],
            Failures = OfControl,
        };

    private const string WhoMay =
        "The request must carry a key that allows it (`Admin:Key`, or one of the role admin); without any such key configured, nobody may.";

    private static FailureResponse[] OfControl =>
        [
            FailureResponses.For(ApiFailure.InvalidParameter),
            FailureResponses.For(ApiFailure.AdminKeyRequired),
            FailureResponses.For(ApiFailure.AdminNotAllowed),
            FailureResponses.For(ApiFailure.KeyNotAllowed),
            FailureResponses.For(ApiFailure.RateLimited),
            FailureResponses.For(ClassifyFailure.UnknownModel),
            FailureResponses.For(ClassifyFailure.ShuttingDown),
            FailureResponses.For(ApiFailure.Unhandled),
        ];

    private static ModelsBody ListExample =>
        new(
            "cifar10-googlenet",
            Ready: true,
            "libjpeg-turbo",
            new(20_971_520, 67_108_864, 32, 50_331_648, 16_384, 30_000, 300_000),
            [new("cifar10-googlenet", "1", [new("1", ModelState.Ready, "googlenet-bn", 10, Error: null)])]
        );

    private static ModelBody OneExample =>
        new(
            "cifar10-googlenet",
            IsDefault: true,
            "libjpeg-turbo",
            [
                new()
                {
                    Version = "1",
                    IsDefault = true,
                    State = ModelState.Ready,
                    Provider = "CPU",
                    Sessions = new(2, 1, 2),
                    Queue = new(3, 1024),
                    MaxBatchSize = 32,
                    PreferredBatchSize = 8,
                    Architecture = new("googlenet-bn", 0.5, 1_459_818, 94_811_136),
                    Input = new("input", InputType.Float32, InputLayout.Nchw, 32, 32),
                    Preprocessing = new(
                        32,
                        37,
                        Interpolation.Bilinear,
                        ChannelOrder.Rgb,
                        1,
                        [0.491f, 0.4822f, 0.4454f],
                        [0.247f, 0.2433f, 0.261f]
                    ),
                    Accuracy = new("CIFAR-10, 10,000 held-out images", 10_000, new Dictionary<string, double> { ["1"] = 0.91 }),
                    Labels = ["airplane", "automobile"],
                },
            ]
        );

    private static JsonNode? Serialized(ModelBody body) => JsonSerializer.SerializeToNode(body, ApiJsonContext.Default.ModelBody);
}
