namespace Saccade.Training.Data;

/// <summary>
/// Cuts an epoch into the fewest batches of at most a given size, all equal to within one image: a small remainder would make a
/// noisy step and, with one image, no batch statistics at all.
/// </summary>
public readonly struct BatchPlan
{
    private readonly int _images;

    /// <summary>Plans the fewest batches of at most <paramref name="batchSize"/> images.</summary>
    /// <param name="images">At least 1.</param>
    /// <param name="batchSize">At least 1.</param>
    public BatchPlan(int images, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        _images = images;
        Count = (int)(((long)images + batchSize - 1) / batchSize);
    }

    /// <summary>Number of batches.</summary>
    public int Count { get; }

    /// <summary>Positions of a batch in the epoch's order.</summary>
    public Range this[int batch] => Bound(batch)..Bound(batch + 1);

    private int Bound(int batch) => (int)((long)_images * batch / Count);
}
