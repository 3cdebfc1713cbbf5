using Saccade.Api.Limits;
using Saccade.Api.Requests;
using Saccade.Inference;
using Saccade.Inference.Bundles;

namespace Saccade.Api.Parameters;

/// <summary>What a client may say about an image whatever it asks of it: who, by how many crops, until when.</summary>
internal abstract record ImageParameters
{
    public const string ModelName = "model";
    public const string VersionName = "version";
    public const string CropsName = "crops";
    public const string DeadlineName = "deadlineMs";
    public const string DeadlineHeader = "X-Deadline-Ms";
    public const string PriorityName = "priority";

    public const int MaxNameLength = 128;
    public const int MaxPriority = 10;

    /// <summary>Reads them, and notes in <paramref name="query"/> what is wrong with each.</summary>
    /// <param name="query">The request's.</param>
    /// <param name="request">Query and headers.</param>
    /// <param name="limits">The longest deadline.</param>
    /// <param name="crops">Values of <c>crops</c>: <see cref="Inference.Models.ModelCatalog.CropModes"/>.</param>
    protected ImageParameters(QueryReader query, HttpRequest request, LimitsOptions limits, IReadOnlyList<CropMode> crops)
    {
        var maxDeadline = (int)limits.MaxDeadline.TotalMilliseconds;
        var deadline = query.Integer(DeadlineName, 1, maxDeadline);
        if (!request.Query.ContainsKey(DeadlineName))
            deadline = query.Integer(DeadlineHeader, request.Headers[DeadlineHeader], 1, maxDeadline);
        Model = query.Text(ModelName, MaxNameLength);
        Version = query.Text(VersionName, MaxNameLength);
        Crops = query.Crops(CropsName, crops) ?? CropMode.Single;
        Deadline = deadline is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
        Priority = query.Integer(PriorityName, -MaxPriority, MaxPriority) ?? 0;
    }

    public string? Model { get; }

    public string? Version { get; }

    public CropMode Crops { get; }

    /// <summary>Null means the configured default.</summary>
    public TimeSpan? Deadline { get; }

    public int Priority { get; }

    /// <summary>The engine's request for one image.</summary>
    public ClassifyRequest ToRequest(ReadOnlyMemory<byte> image, RequestProgress progress) =>
        Asking(
            new()
            {
                Image = image,
                Model = Model,
                Version = Version,
                Crops = Crops,
                ArrivedAt = progress.ArrivedAt,
                Caller = progress.Caller,
                Deadline = Deadline,
                Priority = Priority,
            }
        );

    /// <summary>A request with what is asked of the image.</summary>
    protected abstract ClassifyRequest Asking(ClassifyRequest request);

    /// <summary>Reads parameters.</summary>
    /// <param name="request">Query and headers.</param>
    /// <param name="requests">Whether unknown parameters are refused.</param>
    /// <param name="read">Takes each parameter from the query.</param>
    /// <param name="errors">What is wrong with each bad parameter; empty if all are good.</param>
    protected static T Read<T>(
        HttpRequest request,
        RequestsOptions requests,
        Func<QueryReader, T> read,
        out IReadOnlyDictionary<string, string> errors
    )
        where T : ImageParameters
    {
        var query = new QueryReader(request.Query);
        var parameters = read(query);
        if (!requests.IgnoreUnknownParameters)
            query.RefuseOthers();
        errors = query.Errors;
        return parameters;
    }
}
