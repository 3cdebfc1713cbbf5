using Saccade.Api.Limits;
using Saccade.Inference;
using Saccade.Inference.Bundles;

namespace Saccade.Api.Parameters;

/// <summary>How to classify, as the client asked in query and headers.</summary>
internal sealed record ClassifyParameters : ImageParameters
{
    public const string TopKName = "topK";
    public const string ExplainName = "explain";

    /// <summary>The one value of <c>explain</c>.</summary>
    public const string ExplainCrops = "crops";

    public const int MaxTopK = 1000;
    public const int DefaultTopK = 5;

    private ClassifyParameters(QueryReader query, HttpRequest request, LimitsOptions limits, IReadOnlyList<CropMode> crops)
        : base(query, request, limits, crops)
    {
        TopK = query.Integer(TopKName, 1, MaxTopK) ?? DefaultTopK;
        IncludeWindows = query.Is(ExplainName, ExplainCrops);
    }

    public int TopK { get; }

    /// <summary>Whether the answer is to say what each crop showed.</summary>
    public bool IncludeWindows { get; }

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
    ) => Read(request, requests, query => new ClassifyParameters(query, request, limits, crops), out errors);

    /// <inheritdoc/>
    protected override ClassifyRequest Asking(ClassifyRequest request) => request with { TopK = TopK, IncludeWindows = IncludeWindows };
}
