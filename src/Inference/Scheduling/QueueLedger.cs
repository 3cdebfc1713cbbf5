namespace Saccade.Inference.Scheduling;

/// <summary>What became of the crops so far. Not thread-safe: the queue's lock guards it.</summary>
internal sealed class QueueLedger
{
    private readonly long[] _byFate = new long[Enum.GetValues<CropFate>().Length];
    private long _accepted;

    /// <summary>Crops entered.</summary>
    public void Accept(int crops) => _accepted += crops;

    /// <summary>Crops left for good.</summary>
    public void Close(CropFate fate, int crops) => _byFate[(int)fate] += crops;

    /// <summary>The books at this moment.</summary>
    public QueueCounts Snapshot(int queued, int running, int reserved) =>
        new(
            _accepted,
            _byFate[(int)CropFate.Answered],
            _byFate[(int)CropFate.Cancelled],
            _byFate[(int)CropFate.Expired],
            _byFate[(int)CropFate.Failed],
            queued,
            running,
            reserved
        );
}
