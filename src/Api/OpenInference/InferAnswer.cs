using Saccade.Inference;

namespace Saccade.Api.OpenInference;

/// <summary>What was inferred, whichever way: the network's own output, or probabilities.</summary>
/// <param name="Model">Name of the model that answered.</param>
/// <param name="Version">Its version.</param>
/// <param name="OutputName">Name of the output.</param>
/// <param name="RowShape">Shape of a row of it; its product is the number of classes.</param>
/// <param name="Labels">Class names by index.</param>
/// <param name="Rows">How many rows there are.</param>
/// <param name="Numbers">The output, row-major: [rows, classes].</param>
/// <param name="Timings">Where the time went.</param>
internal sealed record InferAnswer(
    string Model,
    string Version,
    string OutputName,
    IReadOnlyList<long> RowShape,
    IReadOnlyList<string> Labels,
    int Rows,
    ReadOnlyMemory<float> Numbers,
    StageTimings Timings
);
