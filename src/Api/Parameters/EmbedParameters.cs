using Saccade.Api.Limits;
using Saccade.Api.Requests;
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
    )
    {
        var query = new QueryReader(request.Query);
        var parameters = new EmbedParameters(query, request, limits, crops);
        if (!requests.IgnoreUnknownParameters)
            query.RefuseOthers();
        errors = query.Errors;
        return parameters;
    }

    /// <inheritdoc/>
    public override ClassifyRequest ToRequest(ReadOnlyMemory<byte> image, RequestProgress progress) =>
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
            IncludeFeatures = true,
        };
}
