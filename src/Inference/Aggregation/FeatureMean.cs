using System.Numerics.Tensors;

namespace Saccade.Inference.Aggregation;

/// <summary>
/// The mean of the crops' features, summed in their order, so that the same crops always give the same bits. Not thread-safe.
/// </summary>
/// <param name="size">Numbers of a crop, at least 1.</param>
public sealed class FeatureMean(int size)
{
    private readonly List<float[]> _crops = [];

    /// <summary>Takes the features of one crop.</summary>
    /// <param name="features">As many as the size; copied.</param>
    /// <returns>False if one is not a finite number; the crop is not counted then.</returns>
    public bool TryAdd(ReadOnlySpan<float> features)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Length, size, nameof(features));
        if (!float.IsFinite(TensorPrimitives.Max(features)) || !float.IsFinite(TensorPrimitives.Min(features)))
            return false;
        _crops.Add(features.ToArray());
        return true;
    }

    /// <summary>Forgets every crop from <paramref name="count"/> on.</summary>
    public void Truncate(int count) => _crops.RemoveRange(count, _crops.Count - count);

    /// <summary>Crops so far.</summary>
    public int Count => _crops.Count;

    /// <summary>Computes the mean over all crops.</summary>
    /// <param name="times">How often each crop counts.</param>
    /// <returns>Finite numbers.</returns>
    /// <exception cref="InvalidOperationException">There has been no crop.</exception>
    public float[] Mean(IReadOnlyList<int> times)
    {
        ArgumentNullException.ThrowIfNull(times);
        if (_crops.Count == 0)
            throw new InvalidOperationException("There has been no crop.");

        // Shares rather than a sum that is divided: the mean of large numbers is finite, their sum may not be.
        var total = (double)times.Take(_crops.Count).Sum();
        var mean = new float[size];
        foreach (var (crop, count) in _crops.Zip(times))
            TensorPrimitives.MultiplyAdd(crop, (float)(count / total), mean, mean);
        return mean;
    }
}
