using System.Numerics.Tensors;
using Saccade.Inference.Execution;
using Saccade.Inference.Queueing;

namespace Saccade.Inference.Batching;

/// <summary>Crops that run together, and the tensors they run in: crop i is row i. Belongs to one worker and is reused.</summary>
internal sealed class CropBatch(TensorLayout layout, int capacity) : IDisposable
{
    private readonly CropTensors _tensors = new(layout, capacity);
    private readonly List<PendingCrop> _crops = new(capacity);
    private int _loaded;

    /// <summary>The crops, in row order.</summary>
    public IReadOnlyList<PendingCrop> Crops => _crops;

    /// <summary>How many.</summary>
    public int Count => _crops.Count;

    /// <summary>The tensors.</summary>
    public CropTensors Tensors => _tensors;

    /// <summary>When it was taken from the queue, as a timestamp.</summary>
    public long TakenAt { get; private set; }

    /// <summary>Whether nothing else ran or waited then.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>It has been filled from the queue.</summary>
    public void Taken(long at, bool alone) => (TakenAt, IsAlone) = (at, alone);

    /// <summary>Appends a crop; its pixels are copied by <see cref="Load"/>.</summary>
    public void Add(PendingCrop crop) => _crops.Add(crop);

    /// <summary>Copies the pixels of crops added since the last call and gives their memory back.</summary>
    public void Load()
    {
        for (; _loaded < _crops.Count; _loaded++)
        {
            _crops[_loaded].Pixels.CopyTo(_tensors.Input(_loaded));
            _crops[_loaded].ReleasePixels();
        }
    }

    /// <summary>Takes out loaded crops that nobody waits for any more; the last row moves into the gap.</summary>
    /// <param name="dropped">Called with each crop taken out.</param>
    public void DropDead(Action<PendingCrop> dropped)
    {
        for (var row = _crops.Count - 1; row >= 0; row--)
        {
            var crop = _crops[row];
            if (!crop.Request.Ended) continue;
            var last = _crops.Count - 1;
            if (row != last)
            {
                _tensors.Input(last).CopyTo(_tensors.Input(row));
                _crops[row] = _crops[last];
            }

            _crops.RemoveAt(last);
            _loaded--;
            dropped(crop);
        }
    }

    /// <summary>Copies every row of logits to its request.</summary>
    public void Unload()
    {
        for (var row = 0; row < _crops.Count; row++)
        {
            var logits = _crops[row].Logits;
            _tensors.Output(row).CopyTo(logits);
            if (layout.Probabilities) ToLogits(logits);
        }
    }

    /// <summary>Empties the batch for the next one.</summary>
    public void Clear()
    {
        _crops.Clear();
        _loaded = 0;
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
