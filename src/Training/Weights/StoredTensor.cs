namespace Saccade.Training.Weights;

/// <summary>A tensor of a weights file that has been found but not read.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Element type, as the message about an unsuitable one names it.</param>
/// <param name="Shape">Sizes by axis, checked to be sound; empty for a scalar.</param>
/// <param name="Read">Its values as 32-bit floats, row-major.</param>
/// <remarks>Reading waits until the shape is known to be wanted: a strided view of four bytes may claim to be as large as it
/// likes.</remarks>
public sealed record StoredTensor(string Name, string Type, IReadOnlyList<long> Shape, Func<float[]> Read)
{
    /// <summary>The shape as messages show it.</summary>
    public string ShapeText => Text(Shape);

    /// <summary>A shape as messages show it.</summary>
    public static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
