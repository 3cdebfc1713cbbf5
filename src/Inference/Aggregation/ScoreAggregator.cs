using System.Buffers;
using System.Numerics.Tensors;
using Saccade.Inference.Bundles;

namespace Saccade.Inference.Aggregation;

/// <summary>
/// The mean of the crops' probabilities (GoogLeNet, section 7: averaging beat every other way of combining them). Crops can be added at any
/// time; the mean is summed in their order, so that the same crops always give the same bits. Not thread-safe.
/// </summary>
/// <param name="classes">Probabilities of a crop, at least 1.</param>
/// <param name="temperature">Logits are divided by it before the softmax or sigmoid: see <see cref="TemperatureScaling"/>.</param>
/// <param name="activation">What makes probabilities of a crop's scores.</param>
public sealed class ScoreAggregator(int classes, double temperature = 1, Activation activation = Activation.Softmax) : IDisposable
{
    private readonly List<int> _best = [];
    private float[] _probabilities = ArrayPool<float>.Shared.Rent(classes);
    private bool _disposed;

    /// <summary>Probabilities of a crop.</summary>
    public int Classes => classes;

    /// <summary>Crops so far.</summary>
    public int Count => _best.Count;

    /// <summary>Takes the scores of one crop.</summary>
    /// <param name="scores">One for each class, or without a softmax one for two (<see cref="Sigmoid"/>); copied.</param>
    /// <returns>False if the model produced something that is not a finite number; the crop is not counted.</returns>
    public bool TryAdd(ReadOnlySpan<float> scores)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (activation == Activation.Softmax)
            ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, classes, nameof(scores));
        Grow();
        var row = Row(Count);
        var sound = activation switch
        {
            Activation.Softmax => Softmax.TryCompute(scores, row, temperature),
            Activation.Sigmoid => Sigmoid.TryCompute(scores, row, temperature),
            _ => Sigmoid.TryTake(scores, row),
        };
        if (!sound)
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
