using System.Buffers;
using System.Numerics.Tensors;

namespace Saccade.Inference.Aggregation;

/// <summary>
/// The mean of the crops' softmax (GoogLeNet, section 7: averaging beat every other way of combining them). Crops may arrive
/// in any order, from several threads at once; the mean is summed in crop order, so that it does not depend on it.
/// </summary>
public sealed class ScoreAggregator : IDisposable
{
    private readonly float[] _probabilities;
    private readonly bool[] _arrived;
    private int _remaining;
    private bool _disposed;

    /// <summary>Makes room for one request.</summary>
    /// <param name="classes">Scores of a crop, at least 1.</param>
    /// <param name="crops">Crops of the request, at least 1.</param>
    public ScoreAggregator(int classes, int crops)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(crops, 1);
        Classes = classes;
        Crops = crops;
        _remaining = crops;
        _arrived = new bool[crops];
        _probabilities = ArrayPool<float>.Shared.Rent(checked(classes * crops));
    }

    /// <summary>Scores of a crop.</summary>
    public int Classes { get; }

    /// <summary>Crops that are waited for in all.</summary>
    public int Crops { get; }

    /// <summary>Whether every crop has arrived.</summary>
    public bool IsComplete => Volatile.Read(ref _remaining) == 0;

    /// <summary>Takes the logits of one crop. Safe for concurrent use with different crops.</summary>
    /// <param name="crop">Which crop of the plan.</param>
    /// <param name="logits">One for each class; copied.</param>
    /// <returns>False if the model produced something that is not a finite number; the crop does not count as arrived.</returns>
    /// <exception cref="InvalidOperationException">The crop has arrived before.</exception>
    public bool TryAdd(int crop, ReadOnlySpan<float> logits)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, Classes, nameof(logits));
        if (_arrived[crop])
        {
            throw new InvalidOperationException($"Crop {crop} was already counted.");
        }

        if (!Softmax.TryCompute(logits, Row(crop)))
        {
            return false;
        }

        _arrived[crop] = true;
        Interlocked.Decrement(ref _remaining);
        return true;
    }

    /// <summary>Computes the mean over all crops.</summary>
    /// <param name="mean">One probability for each class.</param>
    /// <exception cref="InvalidOperationException">A crop has not arrived yet.</exception>
    public void WriteMean(Span<float> mean)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(mean.Length, Classes, nameof(mean));
        if (!IsComplete)
        {
            throw new InvalidOperationException($"{Volatile.Read(ref _remaining)} of {Crops} crops have not arrived.");
        }

        Row(0).CopyTo(mean);
        for (int crop = 1; crop < Crops; crop++)
        {
            TensorPrimitives.Add(mean, Row(crop), mean);
        }

        TensorPrimitives.Divide(mean, Crops, mean);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            ArrayPool<float>.Shared.Return(_probabilities);
        }
    }

    private Span<float> Row(int crop) => _probabilities.AsSpan(crop * Classes, Classes);
}
