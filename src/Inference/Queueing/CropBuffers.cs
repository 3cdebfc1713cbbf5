using Saccade.Inference.Execution;

namespace Saccade.Inference.Queueing;

/// <summary>
/// Reused tensors for single crops of one model, so that a steady load allocates nothing large, and a crop that runs alone runs where it was
/// written. Native memory: what is given back after <see cref="Dispose"/> is freed at once.
/// </summary>
internal sealed class CropBuffers(TensorLayout layout) : IDisposable
{
    private const long KeptBytes = 64L << 20;

    private readonly Lock _gate = new();
    private readonly TensorLayout _one = layout with { FixedBatch = null };
    private readonly Stack<CropTensors> _free = [];
    private readonly int _most = (int)Math.Max(1, KeptBytes / layout.CropBytes);
    private bool _disposed;

    /// <summary>Tensors with whatever was in them last.</summary>
    public CropTensors Rent()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var tensors)) return tensors;
        }

        return new CropTensors(_one, capacity: 1);
    }

    /// <summary>Takes tensors back. After a burst the surplus is freed.</summary>
    public void Return(CropTensors tensors)
    {
        lock (_gate)
        {
            if (!_disposed && _free.Count < _most)
            {
                _free.Push(tensors);
                return;
            }
        }

        tensors.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CropTensors[] free;
        lock (_gate)
        {
            _disposed = true;
            free = [.. _free];
            _free.Clear();
        }

        foreach (var tensors in free) tensors.Dispose();
    }
}
