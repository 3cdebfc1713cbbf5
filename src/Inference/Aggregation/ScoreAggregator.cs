using System.Buffers;
using System.Numerics.Tensors;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Aggregation;

/// <summary>
/// The mean of the crops' softmax (GoogLeNet, section 7: averaging beat every other way of combining them). Crops can be added at any time;
/// the mean is summed in their order, so that the same crops always give the same bits. Not thread-safe.
/// </summary>
/// <param name="classes">Scores of a crop, at least 1.</param>
/// <param name="temperature">Logits are divided by it before the softmax: see <see cref="TemperatureScaling"/>.</param>
public sealed class ScoreAggregator(int classes, double temperature = 1) : IDisposable
{
    private readonly List<int> _best = [];
    private float[] _probabilities = ArrayPool<float>.Shared.Rent(classes);
    private bool _disposed;

    /// <summary>Scores of a crop.</summary>
    public int Classes => classes;

    /// <summary>Crops so far.</summary>
    public int Count => _best.Count;

    /// <summary>Takes the logits of one crop.</summary>
    /// <param name="logits">One for each class; copied.</param>
    /// <returns>False if the model produced something that is not a finite number; the crop is not counted.</returns>
    public bool TryAdd(ReadOnlySpan<float> logits)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, classes, nameof(logits));
        Grow();
        var row = Row(Count);
        if (!Softmax.TryCompute(logits, row, temperature))
            return false;
        _best.Add(TensorPrimitives.IndexOfMax<float>(row));
        return true;
    }

    /// <summary>Forgets every crop from <paramref name="count"/> on.</summary>
    public void Truncate(int count) => _best.RemoveRange(count, _best.Count - count);

    /// <summary>Computes the mean over all crops.</summary>
    /// <param name="mean">One probability for each class.</param>
    /// <param name="times">How often each crop counts; null means once.</param>
    /// <exception cref="InvalidOperationException">There has been no crop.</exception>
    public void WriteMean(Span<float> mean, IReadOnlyList<int>? times = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(mean.Length, classes, nameof(mean));
        if (Count == 0)
            throw new InvalidOperationException("There has been no crop.");

        mean.Clear();
        var total = 0;
        for (var crop = 0; crop < Count; crop++)
        {
            var count = times?[crop] ?? 1;
            total += count;
            TensorPrimitives.MultiplyAdd(Row(crop), count, mean, mean);
        }

        TensorPrimitives.Divide(mean, total, mean);
    }

    /// <summary>The share of crops whose best class is <paramref name="index"/>.</summary>
    /// <param name="index">A class.</param>
    /// <param name="times">How often each crop counts; null means once.</param>
    public double Agreement(int index, IReadOnlyList<int>? times = null)
    {
        var (agreeing, total) = (0, 0);
        for (var crop = 0; crop < Count; crop++)
        {
            var count = times?[crop] ?? 1;
            total += count;
            if (_best[crop] == index)
                agreeing += count;
        }

        return total == 0 ? 0 : (double)agreeing / total;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        ArrayPool<float>.Shared.Return(_probabilities);
    }

    private void Grow()
    {
        if (_probabilities.Length >= (Count + 1) * classes)
            return;
        var larger = ArrayPool<float>.Shared.Rent(checked(2 * (Count + 1) * classes));
        _probabilities.AsSpan(0, Count * classes).CopyTo(larger);
        ArrayPool<float>.Shared.Return(_probabilities);
        _probabilities = larger;
    }

    private Span<float> Row(int crop) => _probabilities.AsSpan(crop * classes, classes);
}
