using Saccade.Inference.Scheduling;

namespace Saccade.Inference.Telemetry;

/// <summary>The measurements of one request, filled in as it passes the stages; timings, histograms and spans all come from here.</summary>
internal sealed class StageClock(TimeProvider time, long arrivedAt)
{
    private readonly List<Stage> _preprocess = new(2);
    private readonly List<Stage> _queue = new(1);
    private readonly List<Stage> _inference = new(1);

    /// <summary>When the request arrived, as a timestamp.</summary>
    public long ArrivedAt => arrivedAt;

    /// <summary>Reading the image.</summary>
    public Stage Decode { get; private set; }

    /// <summary>Resize, then crop and normalise, for each round: the latter for the batch that was answered last.</summary>
    public IReadOnlyList<Stage> Preprocess => _preprocess;

    /// <summary>
    /// Waiting for memory to decode in, if it had to, then for a session, once for each round: that of the member that was answered last.
    /// </summary>
    public IReadOnlyList<Stage> Queue => _queue;

    /// <summary>From its first run to the end of its last.</summary>
    public IReadOnlyList<Stage> Inference => _inference;

    /// <summary>Crops in the last run; 0 when there was none.</summary>
    public int BatchSize { get; private set; }

    /// <summary>From arrival to <see cref="Stop"/>.</summary>
    public TimeSpan Total { get; private set; }

    /// <summary>Ends the decode stage, which began at <paramref name="startedAt"/>.</summary>
    public void Decoded(long startedAt) => Decode = Since(startedAt);

    /// <summary>Ends a wait for memory to decode in, which began at <paramref name="startedAt"/>.</summary>
    public void WaitedForMemory(long startedAt) => _queue.Add(Since(startedAt));

    /// <summary>Ends the preprocess stage, which began at <paramref name="startedAt"/>.</summary>
    public void Preprocessed(long startedAt) => _preprocess.Add(Since(startedAt));

    /// <summary>Takes over what the queue measured.</summary>
    public void Ran(long enqueuedAt, RequestResult result)
    {
        var queue = new Stage(time.GetElapsedTime(arrivedAt, enqueuedAt), result.Queue);
        _queue.Add(queue);
        if (result.BatchSize > 0)
        {
            var writing = new Stage(queue.Start + result.Queue, result.Writing);
            _preprocess.Add(writing);
            _inference.Add(new(writing.Start + result.Writing, result.Inference));
        }

        BatchSize = result.BatchSize;
    }

    /// <summary>How long a stage took in all rounds.</summary>
    public static TimeSpan Sum(IReadOnlyList<Stage> rounds)
    {
        var sum = TimeSpan.Zero;
        foreach (var round in rounds)
            sum += round.Duration;
        return sum;
    }

    /// <summary>The answer is ready.</summary>
    public StageTimings Stop()
    {
        Total = time.GetElapsedTime(arrivedAt);
        return new(Total, Decode.Duration, Sum(Preprocess), Sum(Queue), Sum(Inference), BatchSize);
    }

    private Stage Since(long startedAt) => new(time.GetElapsedTime(arrivedAt, startedAt), time.GetElapsedTime(startedAt));
}

/// <summary>One stage of a request; the default means that it was not reached.</summary>
/// <param name="Start">From arrival.</param>
/// <param name="Duration">How long it took.</param>
internal readonly record struct Stage(TimeSpan Start, TimeSpan Duration);
