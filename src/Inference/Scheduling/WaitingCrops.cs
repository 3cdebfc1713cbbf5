using System.Diagnostics.CodeAnalysis;

namespace Saccade.Inference.Scheduling;

/// <summary>
/// The crops that wait, most urgent first: a sorted array whose front moves on as crops are taken. Most crops enter near the end, because
/// later requests are due later, and leave at the front; only what is behind a crop's place is moved. Not thread-safe: the queue's lock
/// guards it.
/// </summary>
internal sealed class WaitingCrops
{
    private PendingCrop?[] _crops = new PendingCrop?[64];
    private int _front;
    private long _sequence;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>When the crop that came first entered, as a timestamp. There must be one. Takes O(n).</summary>
    public long OldestEnqueuedAt
    {
        get
        {
            var oldest = long.MaxValue;
            foreach (var crop in All)
                oldest = Math.Min(oldest, crop!.Request.EnqueuedAt);
            return oldest;
        }
    }

    /// <summary>The earliest deadline of all, as a timestamp. There must be one. Takes O(n).</summary>
    public long EarliestDueAt
    {
        get
        {
            var earliest = long.MaxValue;
            foreach (var crop in All)
                earliest = Math.Min(earliest, crop!.Request.DueAt);
            return earliest;
        }
    }

    private ReadOnlySpan<PendingCrop?> All => _crops.AsSpan(_front, Count);

    /// <summary>A crop by its place.</summary>
    /// <param name="place">From 0, below <see cref="Count"/>.</param>
    public PendingCrop this[int place] => All[place]!;

    /// <summary>Takes a crop in, behind those that are as urgent.</summary>
    public void Add(PendingCrop crop)
    {
        crop.Sequence = _sequence++;
        Restore(crop);
    }

    /// <summary>Takes a crop in again, at the place it had.</summary>
    public void Restore(PendingCrop crop)
    {
        var place = PlaceOf(crop);
        if (_front + Count == _crops.Length)
            MakeRoom();
        var behind = _front + place;
        Array.Copy(_crops, behind, _crops, behind + 1, Count - place);
        _crops[behind] = crop;
        crop.Waits = true;
        Count++;
    }

    /// <summary>The crop that goes first; false if none waits.</summary>
    public bool TryPeek([NotNullWhen(true)] out PendingCrop? mostUrgent)
    {
        mostUrgent = Count == 0 ? null : _crops[_front];
        return mostUrgent is not null;
    }

    /// <summary>Takes a crop out; false if it is not here (any more).</summary>
    public bool Remove(PendingCrop crop)
    {
        if (!crop.Waits)
            return false;
        crop.Waits = false;
        Count--;
        if (_crops[_front] == crop)
        {
            _crops[_front] = null;
            _front = Count == 0 ? 0 : _front + 1;
            return true;
        }

        // The crop itself is not before itself, so its own place is found.
        var place = PlaceOf(crop, Count + 1);
        Array.Copy(_crops, _front + place + 1, _crops, _front + place, Count - place);
        _crops[_front + Count] = null;
        return true;
    }

    /// <summary>How many go before a crop that would enter now with this urgency.</summary>
    public int CountAhead(long urgency)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_crops[_front + middle]!.Urgency <= urgency)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private int PlaceOf(PendingCrop crop) => PlaceOf(crop, Count);

    private int PlaceOf(PendingCrop crop, int count)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (CropOrder.Before(_crops[_front + middle]!, crop))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Moves everything back to the start of the array, or into a larger one if that is more than half full.</summary>
    private void MakeRoom()
    {
        var crops = 2 * Count < _crops.Length ? _crops : new PendingCrop?[2 * _crops.Length];
        Array.Copy(_crops, _front, crops, 0, Count);
        if (crops == _crops)
            Array.Clear(crops, Count, _crops.Length - Count);
        (_crops, _front) = (crops, 0);
    }
}
