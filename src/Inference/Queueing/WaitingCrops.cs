using System.Diagnostics.CodeAnalysis;

namespace Saccade.Inference.Queueing;

/// <summary>Crops by urgency and by arrival at once; leaving from the middle costs O(log n). Not thread-safe: the queue's lock guards it.</summary>
internal sealed class WaitingCrops
{
    private readonly SortedSet<PendingCrop> _byUrgency = new(CropOrder.Instance);
    private readonly LinkedList<PendingCrop> _byArrival = new();
    private long _sequence;

    public int Count => _byUrgency.Count;

    /// <summary>When the crop that came first entered, as a timestamp. There must be one.</summary>
    public long OldestEnqueuedAt => _byArrival.First!.Value.Request.EnqueuedAt;

    /// <summary>The earliest deadline of all, as a timestamp; looks at every crop. There must be one.</summary>
    public long EarliestDueAt => _byArrival.Min(crop => crop.Request.DueAt);

    public void Add(PendingCrop crop)
    {
        crop.Sequence = _sequence++;
        _byUrgency.Add(crop);
        _byArrival.AddLast(crop.Arrival);
    }

    public bool TryPeek([NotNullWhen(true)] out PendingCrop? mostUrgent)
    {
        mostUrgent = _byUrgency.Min;
        return mostUrgent is not null;
    }

    /// <summary>Takes a crop out; false if it is not here (any more).</summary>
    public bool Remove(PendingCrop crop)
    {
        if (crop.Arrival.List != _byArrival) return false;
        _byArrival.Remove(crop.Arrival);
        _byUrgency.Remove(crop);
        return true;
    }
}
