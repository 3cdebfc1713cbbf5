using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;
using Saccade.Api.Access;
using Saccade.Api.OpenApi;

namespace Saccade.Api.OpenInference;

/// <summary>Documents the routes of the Open Inference Protocol.</summary>
internal static class OipDocs
{
    private const string Tag = "Open Inference Protocol";

    private static readonly ParameterDocs HeaderLength = new(
        InferRequestReader.LengthHeader,
        ParameterLocation.Header,
        "Bytes of JSON at the start of the body; the tensors' bytes follow. 0: the body is one tensor alone. Absent: the body is JSON.",
        new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" },
        212
    );

    private static readonly ParameterDocs VersionInPath = new(
        "version",
        ParameterLocation.Path,
        "Version of the model.",
        new OpenApiSchema { Type = JsonSchemaType.String },
        "1"
    );

    private static readonly ResponseDocs Invalid = Error(
        400,
        "The request is wrong, or does not fit the model.",
        "The model's input is 'input'."
    );
    private static readonly ResponseDocs Unknown = Error(
        404,
        "There is no such model or version, or it is not loaded.",
        "There is no model 'nobody'."
    );
    private static readonly ResponseDocs KeyNeeded = Error(
        401,
        "A key is asked for, and the request carries none that is valid.",
        "The key that the request carries is not valid."
    );
    private static readonly ResponseDocs NotReady = Error(
        503,
        "Not ready, or stopping; `Retry-After` says when to ask again. Without it the model is broken: its files must change first.",
        "Models are loading."
    );

    public static EndpointDocs Server { get; } =
        Docs(
            "oipServer",
            "Server metadata",
            "Name, version and the protocol's extensions that are served.",
            Answer(new OipServer("saccade", "1.0.0", ["binary_tensor_data"]), OipJson.Default.OipServer)
        );

    public static EndpointDocs Live { get; } =
        Docs(
            "oipLive",
            "Is the server alive?",
            "Answers 200 as long as the process answers at all.",
            Answer(new OipLive(Live: true), OipJson.Default.OipLive)
        );

    public static EndpointDocs Ready { get; } =
        Docs(
            "oipReady",
            "Is the server ready?",
            "200 once every served model is warm; else 503 with the reason.",
            Answer(new OipReady(Ready: true), OipJson.Default.OipReady),
            NotReady
        );

    public static EndpointDocs AllStatistics { get; } =
        Docs("oipAllStatistics", "Statistics of all models", "As of one model, for every version of every model.", Statistic());

    public static EndpointDocs Index { get; } =
        Docs(
            "oipIndex",
            "List the versions of all models",
            "Every version that was found, with its state and why it is not ready.",
            Answer([new OipIndexEntry("cifar10-googlenet", "1", "READY", "")], OipJson.Default.OipIndexEntryArray)
        );

    public static EndpointDocs Load { get; } =
        Control("oipLoad", "Load a model", "As `POST /models/{name}/load`: by the same rules and to the same callers.");

    public static EndpointDocs Unload { get; } =
        Control("oipUnload", "Unload a model", "As `POST /models/{name}/unload`: by the same rules and to the same callers.");

    public static EndpointDocs Describe(bool ofVersion) =>
        OfModel(
            "oipModel",
            ofVersion,
            "Model metadata",
            "Names, types and shapes of its tensors; -1 stands for any number of rows.",
            Answer(
                new OipModel(
                    "cifar10-googlenet",
                    ["1"],
                    "onnxruntime_onnx",
                    [new("input", "FP32", [-1, 3, 32, 32])],
                    [new("logits", "FP32", [-1, 10])]
                ),
                OipJson.Default.OipModel
            ),
            Unknown,
            NotReady
        );

    public static EndpointDocs ModelReady(bool ofVersion) =>
        OfModel(
            "oipModelReady",
            ofVersion,
            "Is a model ready?",
            "200 if it answers requests; else 503 or 404 with the reason.",
            Answer(new OipModelReady("cifar10-googlenet", Ready: true), OipJson.Default.OipModelReady),
            Unknown,
            NotReady
        );

    public static EndpointDocs Configuration(bool ofVersion) =>
        OfModel(
            "oipConfig",
            ofVersion,
            "Model configuration",
            "The part of a configuration that load generators read.",
            Answer(
                new OipConfig(
                    "cifar10-googlenet",
                    "onnxruntime_onnx",
                    32,
                    [new("input", "TYPE_FP32", [3, 32, 32])],
                    [new("logits", "TYPE_FP32", [10])]
                ),
                OipJson.Default.OipConfig
            ),
            Unknown,
            NotReady
        );

    public static EndpointDocs Statistics(bool ofVersion) =>
        OfModel(
            "oipStatistics",
            ofVersion,
            "Model statistics",
            "What it has done since the service started, counted in rows (an image of ten crops is ten). Times of input and output are "
                + "not measured apart: their count is 0.",
            Statistic(),
            Unknown
        );

    public static EndpointDocs Infer(bool ofVersion)
    {
        var docs = OfModel(
            "oipInfer",
            ofVersion,
            "Run tensors through a model",
            "Rows go through the same queue and batches as images, as they are: prepared as the model wants them. Parameters of the "
                + "request: `binary_data_output`, "
                + "`priority` (1 is the most urgent, 0 the default), `timeout` (microseconds); of an output: `binary_data`, "
                + "`classification` (the best N classes as texts "
                + "`value:index:label`). docs/open-inference.md has examples.",
            new ResponseDocs(
                200,
                "The network's output: JSON, or with binary outputs JSON followed by their bytes.",
                "application/json",
                typeof(OipInferAnswer),
                InferAnswer()
            ),
            Invalid,
            Unknown,
            KeyNeeded,
            Error(408, "The body arrived more slowly than the server accepts.", "Reading the request body timed out."),
            Error(413, "The body, or an image in it, is too large.", "The body may have at most 67108864 bytes."),
            Error(415, "A content encoding, or an image type, that is not read here.", "Content-Encoding gzip is not read here."),
            Error(422, "An image does not decode.", "The image ends early."),
            Error(429, "Overloaded, or the client asks too often; `Retry-After` says when to ask again.", "Too many requests are waiting."),
            NotReady,
            Error(504, "The deadline passed before the answer was ready.", "The deadline passed before the answer was ready.")
        );
        return docs with
        {
            Parameters = [.. docs.Parameters, HeaderLength],
            Body = new OpenApiRequestBody
            {
                Required = true,
                Description = "JSON. With the header, tensors' bytes may follow it, or be all there is (`application/octet-stream`).",
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
                        Example = InferQuestion(),
                    },
                },
            },
        };
    }

    private static EndpointDocs Control(string id, string summary, string description) =>
        Docs(
            id,
            summary,
            description,
            Answer([new OipIndexEntry("cifar10-googlenet", "1", "READY", "")], OipJson.Default.OipIndexEntryArray),
            KeyNeeded,
            Error(403, "Switched off, or not allowed with this key.", AdminOff.Refusal.Detail),
            Unknown,
            Error(422, "The bundle cannot be served.", "There is no model.onnx."),
            Error(429, "The client asks too often; `Retry-After` says when to ask again.", "The client asks more often than it may."),
            NotReady
        ) with
        {
            Parameters = [ParameterCatalog.ModelNameInPath, ParameterCatalog.RequestIdHeader],
        };

    private static EndpointDocs OfModel(string id, bool ofVersion, string summary, string description, params ResponseDocs[] responses) =>
        Docs(ofVersion ? $"{id}Version" : id, summary, description, responses) with
        {
            Parameters = ofVersion
                ? [ParameterCatalog.ModelNameInPath, VersionInPath, ParameterCatalog.RequestIdHeader]
                : [ParameterCatalog.ModelNameInPath, ParameterCatalog.RequestIdHeader],
        };

    private static EndpointDocs Docs(string id, string summary, string description, params ResponseDocs[] responses) =>
        new()
        {
            OperationId = id,
            Tag = Tag,
            Summary = summary,
            Description = description,
            Parameters = [ParameterCatalog.RequestIdHeader],
            Responses = responses,
        };

    private static ResponseDocs Answer<T>(T example, JsonTypeInfo<T> type) =>
        new(200, "The answer.", "application/json", typeof(T), JsonSerializer.SerializeToNode(example, type));

    private static ResponseDocs Error(int status, string description, string example) =>
        new(
            status,
            description,
            "application/json",
            typeof(OipError),
            JsonSerializer.SerializeToNode(new OipError(example), OipJson.Default.OipError)
        );

    private static ResponseDocs Statistic() =>
        Answer(
            new OipStatistics([
                new(
                    "cifar10-googlenet",
                    "1",
                    1_795_000_000_000,
                    42,
                    9,
                    new(new(42, 84_000_000), default, new(42, 21_000_000), default, new(42, 63_000_000), default, default, default),
                    [new(4, default, new(9, 13_500_000), default)]
                ),
            ]),
            OipJson.Default.OipStatistics
        );

    private static JsonObject InferQuestion() =>
        new()
        {
            ["id"] = "7",
            ["inputs"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "input",
                    ["datatype"] = "FP32",
                    ["shape"] = new JsonArray(1, 3, 1, 1),
                    ["data"] = new JsonArray(0.1, 0.2, 0.3),
                }
            ),
        };

    private static JsonObject InferAnswer() =>
        new()
        {
            ["id"] = "7",
            ["model_name"] = "cifar10-googlenet",
            ["model_version"] = "1",
            ["outputs"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "logits",
                    ["datatype"] = "FP32",
                    ["shape"] = new JsonArray(1, 3),
                    ["data"] = new JsonArray(-1.5, 0.25, 4.5),
                }
            ),
        };
}
