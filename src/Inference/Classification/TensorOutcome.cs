using Saccade.Inference.Tensors;

namespace Saccade.Inference.Classification;

/// <summary>What became of a <see cref="TensorRequest"/>: an answer, a refusal by the engine, or a mismatch with the model.</summary>
public abstract record TensorOutcome
{
    private protected TensorOutcome() { }
}

/// <summary>A request that was answered.</summary>
/// <param name="Model">Name of the model that answered.</param>
/// <param name="Version">Its version.</param>
/// <param name="Layout">Its tensors.</param>
/// <param name="Labels">Class names by index.</param>
/// <param name="Rows">How many rows there are.</param>
/// <param name="Output">Output of the network, row-major: [rows, classes].</param>
/// <param name="Timings">Where the time went.</param>
public sealed record TensorAnswer(
    string Model,
    string Version,
    TensorLayout Layout,
    IReadOnlyList<string> Labels,
    int Rows,
    ReadOnlyMemory<float> Output,
    StageTimings Timings
) : TensorOutcome;

/// <summary>A request that the engine did not answer.</summary>
/// <param name="Refusal">Why.</param>
public sealed record TensorRefusal(ClassifyRefusal Refusal) : TensorOutcome;

/// <summary>A request with a tensor that the model has no input for.</summary>
/// <param name="Detail">What does not fit, in one sentence.</param>
public sealed record TensorMismatch(string Detail) : TensorOutcome;
