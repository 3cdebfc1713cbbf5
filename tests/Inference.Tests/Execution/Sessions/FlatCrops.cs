using System.Runtime.InteropServices;
using Saccade.Inference.Cropping;

namespace Saccade.Inference.Tests.Execution.Sessions;

/// <summary>Crops of one value each, that tell when they are written and given back.</summary>
/// <param name="value">Every number of the first; of crop i it is <c>value + i / 1000</c>.</param>
internal sealed class FlatCrops(float value) : ICropSource
{
    private int _writes;
    private int _disposals;

    /// <summary>How many crops have been written.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>Called when a crop is written.</summary>
    public Action? Writing { get; init; }

    /// <summary>How often they have been given back.</summary>
    public int Disposals => Volatile.Read(ref _disposals);

    public void Write(int crop, Span<byte> row)
    {
        ObjectDisposedException.ThrowIf(Disposals > 0, this);
        Interlocked.Increment(ref _writes);
        Writing?.Invoke();
        MemoryMarshal.Cast<byte, float>(row).Fill(value + (crop / 1000f));
    }

    public void Dispose() => Interlocked.Increment(ref _disposals);
}
