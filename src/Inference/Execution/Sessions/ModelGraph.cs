using Saccade.Inference.Bundles;

namespace Saccade.Inference.Execution.Sessions;

/// <summary>What a graph says about itself. Negative sizes are free axes.</summary>
/// <param name="InputName">Name of its only input.</param>
/// <param name="InputType">Element type of the input.</param>
/// <param name="InputShape">Four axes, the batch first.</param>
/// <param name="Outputs">Shape of every float output by name, in the graph's order; the batch first.</param>
public sealed record ModelGraph(
    string InputName,
    InputType InputType,
    IReadOnlyList<long> InputShape,
    IReadOnlyList<KeyValuePair<string, IReadOnlyList<long>>> Outputs
);
