namespace Saccade.Inference.Scheduling;

/// <summary>
/// Which crop goes first: the one that counts as due first (<see cref="Urgency"/>), then the one that came first. A total order over one
/// queue.
/// </summary>
internal static class CropOrder
{
    /// <summary>Whether <paramref name="x"/> goes before <paramref name="y"/>.</summary>
    public static bool Before(PendingCrop x, PendingCrop y) => x.Urgency != y.Urgency ? x.Urgency < y.Urgency : x.Sequence < y.Sequence;
}
