using Saccade.Api.Limits;
using Saccade.Inference;
using Saccade.Inference.Bundles;

namespace Saccade.Api.Parameters;

/// <summary>How to classify, as the client asked in query and headers.</summary>
internal sealed record ClassifyParameters
{
    public const string ModelName = "model";
    public const string VersionName = "version";
    public const string CropsName = "crops";
    public const string TopKName = "topK";
    public const string DeadlineName = "deadlineMs";
    public const string DeadlineHeader = "X-Deadline-Ms";
    public const string PriorityName = "priority";
    public const string ExplainName = "explain";

    /// <summary>The one value of <c>explain</c>.</summary>
    public const string ExplainCrops = "crops";

    public const int MaxNameLength = 128;
    public const int MaxTopK = 1000;
    public const int DefaultTopK = 5;
    public const int MaxPriority = 10;

    public string? Model { get; private init; }

    public string? Version { get; private init; }

    public CropMode Crops { get; private init; }

    public int TopK { get; private init; }

    /// <summary>Null means the configured default.</summary>
    public TimeSpan? Deadline { get; private init; }

    public int Priority { get; private init; }

    /// <summary>Whether the answer is to say what each crop showed.</summary>
    public bool IncludeWindows { get; private init; }

    /// <summary>Reads them.</summary>
    /// <param name="request">Query and headers.</param>
    /// <param name="limits">The longest deadline.</param>
    /// <param name="requests">Whether unknown parameters are refused.</param>
    /// <param name="crops">Values of <c>crops</c>: <see cref="Inference.Models.ModelCatalog.CropModes"/>.</param>
    /// <param name="errors">What is wrong with each bad parameter; empty if all are good.</param>
    public static ClassifyParameters Read(
        HttpRequest request,
        LimitsOptions limits,
        RequestsOptions requests,
        IReadOnlyList<CropMode> crops,
        out IReadOnlyDictionary<string, string> errors
    )
    {
        var query = new QueryReader(request.Query);
        var maxDeadline = (int)limits.MaxDeadline.TotalMilliseconds;
        var deadline = query.Integer(DeadlineName, 1, maxDeadline);
        if (!request.Query.ContainsKey(DeadlineName))
            deadline = query.Integer(DeadlineHeader, request.Headers[DeadlineHeader], 1, maxDeadline);
        var parameters = new ClassifyParameters
        {
            Model = query.Text(ModelName, MaxNameLength),
            Version = query.Text(VersionName, MaxNameLength),
            Crops = query.Crops(CropsName, crops) ?? CropMode.Single,
            TopK = query.Integer(TopKName, 1, MaxTopK) ?? DefaultTopK,
            Deadline = deadline is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            Priority = query.Integer(PriorityName, -MaxPriority, MaxPriority) ?? 0,
            IncludeWindows = query.Is(ExplainName, ExplainCrops),
        };
        if (!requests.IgnoreUnknownParameters)
            query.RefuseOthers();
        errors = query.Errors;
        return parameters;
    }

    /// <summary>The engine's request for one image.</summary>
    public ClassifyRequest ToRequest(ReadOnlyMemory<byte> image, long arrivedAt) =>
        new()
        {
            Image = image,
            Model = Model,
            Version = Version,
            Crops = Crops,
            TopK = TopK,
            ArrivedAt = arrivedAt,
            Deadline = Deadline,
            Priority = Priority,
            IncludeWindows = IncludeWindows,
        };
}
