using System.Buffers;
using System.Numerics.Tensors;

namespace Saccade.Inference.Aggregation;

/// <summary>
/// The mean of the looks' softmax (GoogLeNet, section 7: averaging beat every other way of combining them). Looks can be added at any time;
/// the mean is summed in their order, so that the same looks always give the same bits. Not thread-safe.
/// </summary>
/// <param name="classes">Scores of a look, at least 1.</param>
/// <param name="temperature">Logits are divided by it before the softmax: see <see cref="Models.ManifestCalibration"/>.</param>
public sealed class ScoreAggregator(int classes, double temperature = 1) : IDisposable
{
    private readonly List<int> _best = [];
    private float[] _probabilities = ArrayPool<float>.Shared.Rent(classes);
    private bool _disposed;

    /// <summary>Scores of a look.</summary>
    public int Classes => classes;

    /// <summary>Looks so far.</summary>
    public int Count => _best.Count;

    /// <summary>Takes the logits of one look.</summary>
    /// <param name="logits">One for each class; copied.</param>
    /// <returns>False if the model produced something that is not a finite number; the look is not counted.</returns>
    public bool TryAdd(ReadOnlySpan<float> logits)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, classes, nameof(logits));
        Grow();
        var row = Row(Count);
        if (!Softmax.TryCompute(logits, row, temperature)) return false;
        _best.Add(TensorPrimitives.IndexOfMax<float>(row));
        return true;
    }

    /// <summary>Forgets every look from <paramref name="count"/> on.</summary>
    public void Truncate(int count) => _best.RemoveRange(count, _best.Count - count);

    /// <summary>Computes the mean over all looks.</summary>
    /// <param name="mean">One probability for each class.</param>
    /// <param name="times">How often each look counts; null means once.</param>
    /// <exception cref="InvalidOperationException">There has been no look.</exception>
    public void WriteMean(Span<float> mean, IReadOnlyList<int>? times = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(mean.Length, classes, nameof(mean));
        if (Count == 0) throw new InvalidOperationException("There has been no look.");

        mean.Clear();
        var total = 0;
        for (var look = 0; look < Count; look++)
        {
            var count = times?[look] ?? 1;
            total += count;
            TensorPrimitives.MultiplyAdd(Row(look), count, mean, mean);
        }

        TensorPrimitives.Divide(mean, total, mean);
    }

    /// <summary>The share of looks whose best class is <paramref name="index"/>.</summary>
    /// <param name="index">A class.</param>
    /// <param name="times">How often each look counts; null means once.</param>
    public double Agreement(int index, IReadOnlyList<int>? times = null)
    {
        var (agreeing, total) = (0, 0);
        for (var look = 0; look < Count; look++)
        {
            var count = times?[look] ?? 1;
            total += count;
            if (_best[look] == index) agreeing += count;
        }

        return total == 0 ? 0 : (double)agreeing / total;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        ArrayPool<float>.Shared.Return(_probabilities);
    }

    private void Grow()
    {
        if (_probabilities.Length >= (Count + 1) * classes) return;
        var larger = ArrayPool<float>.Shared.Rent(checked(2 * (Count + 1) * classes));
        _probabilities.AsSpan(0, Count * classes).CopyTo(larger);
        ArrayPool<float>.Shared.Return(_probabilities);
        _probabilities = larger;
    }

    private Span<float> Row(int look) => _probabilities.AsSpan(look * classes, classes);
}
