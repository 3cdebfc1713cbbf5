namespace Saccade.Inference.Scheduling;

/// <summary>
/// When a crop counts as due, as a timestamp: the order in which crops are served. It is fixed when the crop enters, so crops age by
/// themselves: whoever waits comes to the front as later ones enter with later times.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Among requests of one priority and one crop each: the earliest deadline first.</item>
/// <item>Each step of priority counts like a deadline that is so much earlier, and no more: a request can be overtaken by later ones of the
/// next higher priority only for that long.</item>
/// <item>A request of several crops paces itself: each counts as due a little later than the one before, the first a little later than the
/// deadline. So it lets others pass as long as it is on course to finish in time, and catches up when it is not.</item>
/// </list>
/// </remarks>
internal static class Urgency
{
    // The largest plan has 144 crops: it is on course as long as it would be done in four fifths of its time.
    private const int CropsPerAllowedTime = 180;

    /// <summary>When a crop counts as due.</summary>
    /// <param name="dueAt">Deadline of its request, as a timestamp.</param>
    /// <param name="enteredAt">When the request entered the queue, as a timestamp.</param>
    /// <param name="index">Which crop of the request, from 0.</param>
    /// <param name="crops">How many the request has.</param>
    /// <param name="priority">Larger goes first.</param>
    /// <param name="priorityStep">What one step of priority is worth, in timestamp units.</param>
    public static long Of(long dueAt, long enteredAt, int index, int crops, int priority, long priorityStep)
    {
        var pace = Math.Max(0, dueAt - enteredAt) / CropsPerAllowedTime;
        return dueAt - (priority * priorityStep) + (crops == 1 ? 0 : (index + 1) * pace);
    }
}
