using System.Diagnostics.CodeAnalysis;

namespace Saccade.Inference.Queueing;

/// <summary>
/// The crops that wait, by urgency: a treap whose nodes are the crops themselves, so that waiting allocates nothing. Entering, leaving from
/// anywhere and counting who is ahead take O(log n). Not thread-safe: the queue's lock guards it.
/// </summary>
internal sealed class WaitingCrops
{
    private PendingCrop? _root;
    private long _sequence;
    private uint _random = 2463534242;

    public int Count => CountOf(_root);

    /// <summary>When the crop that came first entered, as a timestamp. There must be one.</summary>
    public long OldestEnqueuedAt => _root!.Place.OldestEnqueuedAt;

    /// <summary>The earliest deadline of all, as a timestamp. There must be one.</summary>
    public long EarliestDueAt => _root!.Place.EarliestDueAt;

    /// <summary>Takes a crop in, behind those that are as urgent.</summary>
    public void Add(PendingCrop crop)
    {
        crop.Sequence = _sequence++;
        Insert(crop);
    }

    /// <summary>Takes a crop in again, at the place it had.</summary>
    public void Restore(PendingCrop crop) => Insert(crop);

    public bool TryPeek([NotNullWhen(true)] out PendingCrop? mostUrgent)
    {
        mostUrgent = _root;
        while (mostUrgent?.Place.Left is { } left) mostUrgent = left;
        return mostUrgent is not null;
    }

    /// <summary>Takes a crop out; false if it is not here (any more).</summary>
    public bool Remove(PendingCrop crop)
    {
        if (!crop.Place.Waits) return false;
        _root = Without(_root!, crop);
        crop.Place = default;
        return true;
    }

    /// <summary>How many go before a crop that would enter now with this urgency.</summary>
    public int CountAhead(long urgency)
    {
        var ahead = 0;
        for (var node = _root; node is not null;)
        {
            if (node.Urgency <= urgency)
            {
                ahead += CountOf(node.Place.Left) + 1;
                node = node.Place.Right;
            }
            else
            {
                node = node.Place.Left;
            }
        }

        return ahead;
    }

    /// <summary>Whether every crop behind <paramref name="urgency"/> is content with the place it would have.</summary>
    /// <param name="urgency">Where others would enter.</param>
    /// <param name="ahead">Crops before the first of those behind, the entering ones included.</param>
    /// <param name="state">Handed to <paramref name="content"/>.</param>
    /// <param name="content">Whether a crop is content to be served behind so many others; more is never better.</param>
    public bool AllBehind<TState>(long urgency, int ahead, TState state, Func<TState, PendingCrop, int, bool> content) =>
        AllBehind(_root, urgency, ref ahead, state, content);

    private static bool AllBehind<TState>(PendingCrop? node, long urgency, ref int ahead, TState state, Func<TState, PendingCrop, int, bool> content)
    {
        for (; node is not null; node = node.Place.Right)
        {
            if (node.Urgency <= urgency) continue;
            if (!AllBehind(node.Place.Left, urgency, ref ahead, state, content) || !content(state, node, ahead++)) return false;
        }

        return true;
    }

    private void Insert(PendingCrop crop)
    {
        // Xorshift: balance needs no better, and a fixed start makes every run alike.
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        crop.Place = new() { Waits = true, Weight = _random };
        _root = With(_root, crop);
    }

    private static PendingCrop With(PendingCrop? node, PendingCrop crop)
    {
        if (node is null) return Counted(crop);
        if (crop.Place.Weight > node.Place.Weight)
        {
            Split(node, crop, out crop.Place.Left, out crop.Place.Right);
            return Counted(crop);
        }

        if (CropOrder.Before(crop, node)) node.Place.Left = With(node.Place.Left, crop);
        else node.Place.Right = With(node.Place.Right, crop);
        return Counted(node);
    }

    private static PendingCrop? Without(PendingCrop node, PendingCrop crop)
    {
        if (node == crop) return Join(node.Place.Left, node.Place.Right);
        if (CropOrder.Before(crop, node)) node.Place.Left = Without(node.Place.Left!, crop);
        else node.Place.Right = Without(node.Place.Right!, crop);
        return Counted(node);
    }

    private static void Split(PendingCrop? node, PendingCrop at, out PendingCrop? before, out PendingCrop? after)
    {
        if (node is null)
        {
            before = after = null;
        }
        else if (CropOrder.Before(node, at))
        {
            Split(node.Place.Right, at, out node.Place.Right, out after);
            before = Counted(node);
        }
        else
        {
            Split(node.Place.Left, at, out before, out node.Place.Left);
            after = Counted(node);
        }
    }

    private static PendingCrop? Join(PendingCrop? before, PendingCrop? after)
    {
        if (before is null) return after;
        if (after is null) return before;
        if (before.Place.Weight > after.Place.Weight)
        {
            before.Place.Right = Join(before.Place.Right, after);
            return Counted(before);
        }

        after.Place.Left = Join(before, after.Place.Left);
        return Counted(after);
    }

    private static PendingCrop Counted(PendingCrop node)
    {
        ref var place = ref node.Place;
        place.Count = 1;
        place.OldestEnqueuedAt = node.Request.EnqueuedAt;
        place.EarliestDueAt = node.Request.DueAt;
        Include(ref place, place.Left);
        Include(ref place, place.Right);
        return node;
    }

    private static void Include(ref TreePlace place, PendingCrop? child)
    {
        if (child is null) return;
        place.Count += child.Place.Count;
        place.OldestEnqueuedAt = Math.Min(place.OldestEnqueuedAt, child.Place.OldestEnqueuedAt);
        place.EarliestDueAt = Math.Min(place.EarliestDueAt, child.Place.EarliestDueAt);
    }

    private static int CountOf(PendingCrop? node) => node?.Place.Count ?? 0;
}

/// <summary>A crop's node among those that wait. Subtree figures include the crop itself.</summary>
internal struct TreePlace
{
    public PendingCrop? Left;
    public PendingCrop? Right;
    public long OldestEnqueuedAt;
    public long EarliestDueAt;
    public int Count;
    public uint Weight;
    public bool Waits;
}
