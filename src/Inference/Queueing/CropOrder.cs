namespace Saccade.Inference.Queueing;

/// <summary>Which crop goes first: higher priority, then earlier deadline, then earlier arrival. A total order over one queue.</summary>
internal sealed class CropOrder : IComparer<PendingCrop>
{
    public static CropOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(PendingCrop? x, PendingCrop? y)
    {
        if (ReferenceEquals(x, y)) return 0;
        if (x is null) return -1;
        if (y is null) return 1;

        var order = y.Request.Priority.CompareTo(x.Request.Priority);
        if (order == 0) order = x.Request.DueAt.CompareTo(y.Request.DueAt);
        return order == 0 ? x.Sequence.CompareTo(y.Sequence) : order;
    }
}
