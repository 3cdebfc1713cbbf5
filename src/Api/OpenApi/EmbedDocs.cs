using System.Text.Json;
using Saccade.Api.Contracts;
using Saccade.Api.Errors;
using Saccade.Api.Limits;

namespace Saccade.Api.OpenApi;

/// <summary>Documents <c>/embed</c>.</summary>
internal static class EmbedDocs
{
    private static readonly EmbedResponse Answer = new(
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "cifar10-googlenet",
        "1",
        new("1", 1),
        Size: 3,
        Normalised: true,
        [0.26726124f, 0.5345225f, 0.8017837f],
        new(4.9, 1.1, 0.4, 0.6, 2.6, 8)
    );

    public static EndpointDocs One(LimitsOptions limits) =>
        new()
        {
            OperationId = "embed",
            Tag = "Classify",
            Summary = "Embed one image",
            Description =
                "What the network's classifier sees of the image, as a vector: images that look alike to the network have vectors that lie "
                + "close together. Send the image as for `/classify`; several crops give the mean of their vectors. The model must give "
                + "its features, as one exported `--with-features` does (`GET /models/{name}` says so under `features`), and be no "
                + "ensemble; others are refused as `no-features`.",
            Parameters = ParameterCatalog.Embed(limits),
            Body = BodyDocs.OneImage(),
            Responses =
            [
                new(
                    200,
                    "The vector.",
                    "application/json",
                    typeof(EmbedResponse),
                    JsonSerializer.SerializeToNode(Answer, ApiJsonContext.Default.EmbedResponse),
                    MayBeKept: true
                ),
            ],
            Failures = ClassifyDocs.Failures([ApiFailure.SeveralImages]),
        };
}
