using System.Numerics.Tensors;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Scheduling;

/// <summary>Crops that run together, and the tensors they run in: crop i is row i. Belongs to one worker and is reused.</summary>
/// <param name="layout">Shape of one crop.</param>
/// <param name="capacity">Most crops.</param>
/// <param name="onCpu">Whether the network reads the tensors where they are.</param>
internal sealed class CropBatch(TensorLayout layout, int capacity, bool onCpu = true) : IDisposable
{
    private readonly CropTensors _tensors = new(layout, capacity, pinned: !onCpu);
    private readonly PendingCrop[] _crops = new PendingCrop[capacity];
    private readonly bool[] _isLoaded = new bool[capacity];

    /// <summary>The crops, in row order.</summary>
    public ReadOnlySpan<PendingCrop> Crops => _crops.AsSpan(0, Count);

    /// <summary>How many.</summary>
    public int Count { get; private set; }

    /// <summary>Most crops that it may hold: the least that one of them allows.</summary>
    public int Limit { get; private set; } = int.MaxValue;

    /// <summary>When it was taken from the queue, as a timestamp.</summary>
    public long TakenAt { get; private set; }

    /// <summary>Whether nothing else of the model ran or waited then.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>It has been filled from the queue.</summary>
    public void Taken(long at, bool alone) => (TakenAt, IsAlone) = (at, alone);

    /// <summary>Rows to run; a row has its crop in it after <see cref="Load"/>.</summary>
    public CropTensors Tensors => _tensors;

    /// <summary>Appends a crop; it is written by <see cref="Load"/>.</summary>
    public void Add(PendingCrop crop)
    {
        _isLoaded[Count] = false;
        _crops[Count++] = crop;
        Limit = Math.Min(Limit, crop.MaxBatch);
    }

    /// <summary>Puts a crop in the place of the least urgent one.</summary>
    /// <returns>The one that had to go; null if none is less urgent, or the crop may not be in a batch of this size.</returns>
    public PendingCrop? Replace(PendingCrop crop)
    {
        var last = 0;
        for (var row = 1; row < Count; row++)
        {
            if (CropOrder.Before(_crops[last], _crops[row]))
                last = row;
        }

        if (Count == 0 || crop.MaxBatch < Count || !CropOrder.Before(crop, _crops[last]))
            return null;
        var replaced = _crops[last];
        _crops[last] = crop;
        _isLoaded[last] = false;
        return replaced;
    }

    /// <summary>Writes the crops that came since the last call. Features are computed if one of all crops wants them.</summary>
    public void Load()
    {
        _tensors.WantsFeatures = false;
        for (var row = 0; row < Count; row++)
        {
            _tensors.WantsFeatures |= _crops[row].Request.WantsFeatures;
            if (_isLoaded[row])
                continue;
            _crops[row].Write(_tensors.Input(row));
            _isLoaded[row] = true;
        }
    }

    /// <summary>Takes out crops that nobody waits for any more; the last row moves into the gap.</summary>
    /// <param name="dropped">Called with each crop taken out.</param>
    public void DropDead(Action<PendingCrop> dropped)
    {
        for (var row = Count - 1; row >= 0; row--)
        {
            var crop = _crops[row];
            if (!crop.Request.Ended)
                continue;
            var last = --Count;
            if (row != last)
            {
                if (_isLoaded[last])
                    _tensors.Input(last).CopyTo(_tensors.Input(row));
                _crops[row] = _crops[last];
                _isLoaded[row] = _isLoaded[last];
            }

            crop.ReleasePixels();
            dropped(crop);
        }
    }

    /// <summary>Copies every row of logits, and of features where they are wanted, to its request.</summary>
    public void Unload()
    {
        for (var row = 0; row < Count; row++)
        {
            var logits = _crops[row].Logits;
            _tensors.Output(row).CopyTo(logits);
            if (layout.Probabilities)
                ToLogits(logits);
            if (_crops[row].Request.WantsFeatures)
                _tensors.Features(row).CopyTo(_crops[row].Features);
        }
    }

    /// <summary>
    /// Zeroes all rows: a graph of a fixed batch computes the rows behind the crops too, and they may hold what made it fail.
    /// </summary>
    public void Wipe()
    {
        for (var row = 0; row < _tensors.Capacity; row++)
            _tensors.Input(row).Clear();
        Array.Clear(_isLoaded);
    }

    /// <summary>Empties the batch for the next one; its crops are written no more.</summary>
    public void Clear()
    {
        foreach (var crop in Crops)
            crop.ReleasePixels();
        Forget();
    }

    /// <summary>Empties the batch; its crops are somebody else's again.</summary>
    public void Forget()
    {
        Array.Clear(_crops, 0, Count);
        Count = 0;
        Limit = int.MaxValue;
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose() => _tensors.Dispose();

    /// <summary>The logarithm undoes a softmax up to a constant, which the next one takes out; zero is kept finite.</summary>
    private static void ToLogits(Span<float> probabilities)
    {
        TensorPrimitives.Max(probabilities, float.Epsilon, probabilities);
        TensorPrimitives.Log(probabilities, probabilities);
    }
}
