using System.Numerics.Tensors;

namespace Saccade.Inference.Aggregation;

/// <summary>Vectors of length 1, whose scalar product is the cosine of the angle between them.</summary>
public static class UnitLength
{
    /// <summary>Divides a vector by its Euclidean length.</summary>
    /// <param name="vector">Finite numbers, however large.</param>
    /// <returns>A copy of length 1; of zeros, which have no direction, a copy.</returns>
    public static float[] Of(ReadOnlySpan<float> vector)
    {
        // The squares of numbers divided by the largest neither overflow nor vanish.
        var scaled = vector.ToArray();
        var largest = vector.IsEmpty ? 0 : TensorPrimitives.MaxMagnitude(vector);
        if (Math.Abs(largest) == 0)
            return scaled;
        TensorPrimitives.Divide(vector, Math.Abs(largest), scaled);
        TensorPrimitives.Divide(scaled, TensorPrimitives.Norm<float>(scaled), scaled);
        return scaled;
    }
}
