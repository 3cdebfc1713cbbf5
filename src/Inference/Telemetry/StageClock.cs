using Saccade.Inference.Queueing;

namespace Saccade.Inference.Telemetry;

/// <summary>The measurements of one request, filled in as it passes the stages; timings, histograms and spans all come from here.</summary>
internal sealed class StageClock(TimeProvider time, long arrivedAt)
{
    /// <summary>When the request arrived, as a timestamp.</summary>
    public long ArrivedAt => arrivedAt;

    /// <summary>Reading the image.</summary>
    public Stage Decode { get; private set; }

    /// <summary>Resize, crop and normalise.</summary>
    public Stage Preprocess { get; private set; }

    /// <summary>Waiting for a session.</summary>
    public Stage Queue { get; private set; }

    /// <summary>The run.</summary>
    public Stage Inference { get; private set; }

    /// <summary>Crops in the run; 0 when there was none.</summary>
    public int BatchSize { get; private set; }

    /// <summary>From arrival to <see cref="Stop"/>.</summary>
    public TimeSpan Total { get; private set; }

    /// <summary>Ends the decode stage, which began at <paramref name="startedAt"/>.</summary>
    public void Decoded(long startedAt) => Decode = Since(startedAt);

    /// <summary>Ends the preprocess stage, which began at <paramref name="startedAt"/>.</summary>
    public void Preprocessed(long startedAt) => Preprocess = Since(startedAt);

    /// <summary>Takes over what the queue measured.</summary>
    public void Ran(long enqueuedAt, RequestResult result)
    {
        Queue = new(time.GetElapsedTime(arrivedAt, enqueuedAt), result.Queue);
        Inference = result.BatchSize == 0 ? default : new(Queue.Start + result.Queue, result.Inference);
        BatchSize = result.BatchSize;
    }

    /// <summary>The answer is ready.</summary>
    public StageTimings Stop()
    {
        Total = time.GetElapsedTime(arrivedAt);
        return new(Total, Decode.Duration, Preprocess.Duration, Queue.Duration, Inference.Duration, BatchSize);
    }

    private Stage Since(long startedAt) => new(time.GetElapsedTime(arrivedAt, startedAt), time.GetElapsedTime(startedAt));
}

/// <summary>One stage of a request; the default means that it was not reached.</summary>
/// <param name="Start">From arrival.</param>
/// <param name="Duration">How long it took.</param>
internal readonly record struct Stage(TimeSpan Start, TimeSpan Duration);
