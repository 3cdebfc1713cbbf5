using Saccade.Inference.Decoding;

namespace Saccade.Inference.Classification;

/// <summary>A decoded image that may be wanted for a further round.</summary>
/// <param name="image">Disposed with this.</param>
/// <param name="memory">What it was decoded in; given back with the image.</param>
/// <param name="budget">What images take that wait for a further round.</param>
internal sealed class BudgetedImage(DecodedImage image, MemoryBudget.Holding memory, DecodedImageBudget budget) : IDisposable
{
    private int _kept;
    private bool _disposed;

    /// <summary>The pixels; gone once disposed.</summary>
    public DecodedImage Image => image;

    /// <summary>Keeps it while the request waits; false if other requests' images take the memory.</summary>
    public bool TryKeep()
    {
        if (_kept == 0 && budget.TryKeep(image.Pixels.Length))
            _kept = image.Pixels.Length;
        return _kept > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        image.Dispose();
        memory.Dispose();
        if (_kept > 0)
            budget.Release(_kept);
    }
}
