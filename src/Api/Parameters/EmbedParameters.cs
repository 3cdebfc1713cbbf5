using Saccade.Api.Limits;
using Saccade.Inference;
using Saccade.Inference.Bundles;

namespace Saccade.Api.Parameters;

/// <summary>How to embed, as the client asked in query and headers.</summary>
internal sealed record EmbedParameters : ImageParameters
{
    public const string NormaliseName = "normalise";

    private EmbedParameters(QueryReader query, HttpRequest request, LimitsOptions limits, IReadOnlyList<CropMode> crops)
        : base(query, request, limits, crops) => Normalise = query.Flag(NormaliseName) ?? false;

    /// <summary>Whether the vector is to have the length 1.</summary>
    public bool Normalise { get; }

    /// <summary>Reads them.</summary>
    /// <inheritdoc cref="ClassifyParameters.Read" path="/param"/>
    public static EmbedParameters Read(
        HttpRequest request,
        LimitsOptions limits,
        RequestsOptions requests,
        IReadOnlyList<CropMode> crops,
        out IReadOnlyDictionary<string, string> errors
    ) => Read(request, requests, query => new EmbedParameters(query, request, limits, crops), out errors);

    /// <inheritdoc/>
    protected override ClassifyRequest Asking(ClassifyRequest request) => request with { IncludeFeatures = true };
}
