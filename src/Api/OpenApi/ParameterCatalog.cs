using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Saccade.Api.Limits;
using Saccade.Api.Parameters;
using Saccade.Api.Requests;

namespace Saccade.Api.OpenApi;

/// <summary>The parameters of the service, described from the constants that the reading code uses.</summary>
internal static class ParameterCatalog
{
    /// <summary>Of <c>/classify</c> and <c>/classify/batch</c>.</summary>
    public static IReadOnlyList<ParameterDocs> Classify(LimitsOptions limits) =>
        [
            .. OfImages,
            new(
                ClassifyParameters.TopKName,
                ParameterLocation.Query,
                "Predictions to return, best first; all classes if the model has fewer.",
                Integer(1, ClassifyParameters.MaxTopK, ClassifyParameters.DefaultTopK),
                3
            ),
            new(
                ClassifyParameters.ExplainName,
                ParameterLocation.Query,
                $"`{ClassifyParameters.ExplainCrops}`: the answer says in `crops.windows` what of the image each crop showed.",
                new() { Type = JsonSchemaType.String, Enum = [ClassifyParameters.ExplainCrops] },
                ClassifyParameters.ExplainCrops
            ),
            .. WhenAnswered(limits),
        ];

    /// <summary>Of <c>/embed</c>.</summary>
    public static IReadOnlyList<ParameterDocs> Embed(LimitsOptions limits) =>
        [
            .. OfImages,
            new(
                EmbedParameters.NormaliseName,
                ParameterLocation.Query,
                "Whether the embedding is divided by its Euclidean length, so that a scalar product of two is their cosine.",
                new() { Type = JsonSchemaType.Boolean, Default = false },
                JsonValue.Create(true)
            ),
            .. WhenAnswered(limits),
        ];

    private static ParameterDocs[] OfImages =>
        [
            new(
                ImageParameters.ModelName,
                ParameterLocation.Query,
                "Model to ask; the default model if absent.",
                Name(),
                "cifar10-googlenet"
            ),
            new(ImageParameters.VersionName, ParameterLocation.Query, "Version of the model; the default version if absent.", Name(), "1"),
            new(
                ImageParameters.CropsName,
                ParameterLocation.Query,
                "Crops of the image. `1`: the centre. `10`: four corners and the centre, each mirrored. `12`: the same and the whole of "
                    + "the centre square. `144`: those twelve of three squares at four sizes. The more, the slower and, for most models, "
                    + "the more accurate. `auto`: one crop, and more only while the answer's confidence is low and the deadline allows. A "
                    + "model may have plans of other numbers, or its own for `10`, `12` and `144`: `GET /models/{name}` has all.",
                new()
                {
                    Type = JsonSchemaType.String,
                    Pattern = "^(auto|[1-9][0-9]{0,3})$",
                    Default = "1",
                },
                "auto"
            ),
        ];

    private static ParameterDocs[] WhenAnswered(LimitsOptions limits)
    {
        var deadline = Integer(1, (int)limits.MaxDeadline.TotalMilliseconds);
        return
        [
            new(
                ImageParameters.DeadlineName,
                ParameterLocation.Query,
                "Milliseconds from arrival to answer; after that the work is dropped and the answer is 504. Wins over "
                    + $"`{ImageParameters.DeadlineHeader}`.",
                deadline,
                500
            ),
            new(
                ImageParameters.PriorityName,
                ParameterLocation.Query,
                "Larger is served first; 0 is normal.",
                Integer(-ImageParameters.MaxPriority, ImageParameters.MaxPriority, 0),
                0
            ),
            new(
                ImageParameters.DeadlineHeader,
                ParameterLocation.Header,
                $"The same as `{ImageParameters.DeadlineName}`, for clients and proxies that set deadlines once for all requests.",
                deadline,
                500
            ),
            RequestIdHeader,
        ];
    }

    /// <summary>Of every endpoint.</summary>
    public static ParameterDocs RequestIdHeader { get; } =
        new(
            RequestId.Header,
            ParameterLocation.Header,
            "Your name for the request: returned, logged and traced. Without one the service makes one up.",
            new()
            {
                Type = JsonSchemaType.String,
                MinLength = 1,
                MaxLength = RequestId.MaxLength,
                Pattern = "^[ -~]+$",
            },
            "order-4711"
        );

    /// <summary>Of <c>/models/{name}</c>.</summary>
    public static ParameterDocs ModelNameInPath { get; } =
        new("name", ParameterLocation.Path, "Name of the model.", Name(), "cifar10-googlenet");

    /// <summary>Of <c>/models/{name}/load</c>.</summary>
    public static ParameterDocs VersionToLoad { get; } =
        new(
            ImageParameters.VersionName,
            ParameterLocation.Query,
            "Version to load; the highest in the model's folder if absent.",
            Name(),
            "2"
        );

    /// <summary>Of <c>/models/{name}/unload</c>.</summary>
    public static ParameterDocs VersionToUnload { get; } =
        new(ImageParameters.VersionName, ParameterLocation.Query, "Version to take out of service; all of them if absent.", Name(), "1");

    private static OpenApiSchema Name() =>
        new()
        {
            Type = JsonSchemaType.String,
            MinLength = 1,
            MaxLength = ImageParameters.MaxNameLength,
        };

    private static OpenApiSchema Integer(int min, int max, int? standard = null) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Format = "int32",
            Minimum = min.ToString(CultureInfo.InvariantCulture),
            Maximum = max.ToString(CultureInfo.InvariantCulture),
            Default = standard,
        };
}
