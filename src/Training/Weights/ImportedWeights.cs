using Saccade.Training.Networks;

namespace Saccade.Training.Weights;

/// <summary>Weights of another implementation, brought to a network of ours.</summary>
/// <param name="Network">The network they belong to, without auxiliary classifiers.</param>
/// <param name="Weights">Its tensors by name, row-major.</param>
/// <param name="Notes">What was found out on the way, a line each.</param>
public sealed record ImportedWeights(Network Network, IReadOnlyDictionary<string, float[]> Weights, IReadOnlyList<string> Notes)
{
    /// <summary>Mean and deviation of a model that normalises pixels itself; null where that is left to whoever feeds it.</summary>
    public (IReadOnlyList<float> Mean, IReadOnlyList<float> Std)? Rescaling { get; init; }

    /// <summary>Reads one tensor and checks that it can be calculated with.</summary>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    internal static float[] Read(StoredTensor tensor)
    {
        var values = tensor.Read();
        return values.All(float.IsFinite)
            ? values
            : throw new InvalidDataException($"tensor '{tensor.Name}' holds values that are not finite");
    }
}
