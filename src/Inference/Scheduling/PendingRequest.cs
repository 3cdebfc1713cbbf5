using System.Diagnostics;
using Saccade.Inference.Cropping;

namespace Saccade.Inference.Scheduling;

/// <summary>One request's crops in one queue, and the handle by which its caller waits for them. It ends exactly once.</summary>
internal sealed class PendingRequest
{
    private readonly TaskCompletionSource<RequestResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly float[] _logits;
    private readonly float[] _features;
    private readonly int _classes;
    private readonly int _featuresSize;
    private int _unreleased;

    /// <summary>Prepares a request.</summary>
    /// <param name="crops">How many, at least 1.</param>
    /// <param name="classes">Outputs of the network.</param>
    /// <param name="source">What they show; the request's from now on.</param>
    /// <param name="dueAt">Deadline, as a timestamp.</param>
    /// <param name="priority">Larger goes first.</param>
    /// <param name="features">Numbers in the features of a crop; 0 where they are not wanted.</param>
    public PendingRequest(int crops, int classes, ICropSource source, long dueAt, int priority = 0, int features = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(crops, 1);
        (_classes, _featuresSize) = (classes, features);
        _logits = new float[crops * classes];
        _features = features == 0 ? [] : new float[crops * features];
        Source = source;
        DueAt = dueAt;
        Priority = priority;
        Remaining = _unreleased = crops;
        Crops = new PendingCrop[crops];
        for (var i = 0; i < crops; i++)
            Crops[i] = new PendingCrop(this, i);
    }

    /// <summary>The crops, in the order of the plan.</summary>
    public PendingCrop[] Crops { get; }

    /// <summary>What the crops show, until the last of them is released.</summary>
    public ICropSource Source { get; }

    /// <summary>Deadline, as a timestamp.</summary>
    public long DueAt { get; }

    /// <summary>Larger goes first.</summary>
    public int Priority { get; }

    /// <summary>The span of the request, for the batch's span to link to; default when there is none.</summary>
    public ActivityContext Trace { get; init; }

    /// <summary>Logits of every crop, [crops, classes]; complete once <see cref="Completion"/> says so without a failure.</summary>
    public ReadOnlyMemory<float> Logits => _logits;

    /// <summary>Whether it wants the features of its crops beside their logits.</summary>
    public bool WantsFeatures => _featuresSize > 0;

    /// <summary>Ends with the result, or cancelled when the caller gave up. Continuations never run on a worker.</summary>
    public Task<RequestResult> Completion => _completion.Task;

    /// <summary>Whether nobody waits any more. May be read without the queue's lock: once true it stays true.</summary>
    public bool Ended => _completion.Task.IsCompleted;

    /// <summary>Where it waits; set when it enters.</summary>
    public CropQueue? Queue { get; set; }

    /// <summary>When it entered the queue. Guarded by the queue's lock, as are the next three.</summary>
    public long EnqueuedAt { get; set; }

    /// <summary>How long it took from there until the first of its crops was taken to be run; null until that was answered.</summary>
    public TimeSpan? Waited { get; set; }

    /// <summary>Crops not answered yet.</summary>
    public int Remaining { get; set; }

    /// <summary>How it ended; null while it is alive.</summary>
    public CropFate? Fate { get; set; }

    /// <summary>Where the network's output for one crop goes.</summary>
    public Span<float> LogitsOf(int crop) => _logits.AsSpan(crop * _classes, _classes);

    /// <summary>Where the features of one crop go, complete when its logits are; empty where they are not wanted.</summary>
    public Span<float> FeaturesOf(int crop) => _features.AsSpan(crop * _featuresSize, _featuresSize);

    /// <summary>Tells the caller. The first call wins.</summary>
    public void Complete(RequestResult result) => _completion.TrySetResult(result);

    /// <summary>Confirms the caller's own cancellation. The first call wins.</summary>
    public void CompleteCancelled(CancellationToken token) => _completion.TrySetCanceled(token);

    /// <summary>Releases every crop; for a request that never entered a queue.</summary>
    public void ReleasePixels()
    {
        foreach (var crop in Crops)
            crop.ReleasePixels();
    }

    /// <summary>One of its crops is written no more.</summary>
    public void Released()
    {
        if (Interlocked.Decrement(ref _unreleased) == 0)
            Source.Dispose();
    }
}
