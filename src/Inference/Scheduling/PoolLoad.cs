namespace Saccade.Inference.Scheduling;

/// <summary>What the sessions of one model may do, are doing, and take for it. Not thread-safe: the queue's lock guards it.</summary>
internal sealed class PoolLoad(TimeProvider time)
{
    private const double PlainlyTooLong = 2;

    private readonly CostModel _cost = new();
    private readonly List<CropBatch> _running = [];

    /// <summary>Batch sizes and number of sessions.</summary>
    public BatchLimitsInForce Limits { get; set; } = new(BatchSizes.UpTo(1), TimeSpan.Zero, Sessions: 1);

    /// <summary>What runs cost at present.</summary>
    public CostLine Cost => _cost.Line;

    /// <summary>Batches that are being prepared or run.</summary>
    public int Running => _running.Count;

    /// <summary>A batch was taken.</summary>
    public void Begin(CropBatch batch) => _running.Add(batch);

    /// <summary>A batch came back, run or not.</summary>
    public void End(CropBatch batch) => _running.Remove(batch);

    /// <summary>Learns from a run that answered nobody: a measurement before the model serves.</summary>
    /// <param name="rows">Rows that the network computed.</param>
    /// <param name="run">How long it took.</param>
    public void Learn(int rows, TimeSpan run) => _cost.Observe(rows, run);

    /// <summary>Learns from a batch that ran.</summary>
    /// <remarks>
    /// A run that has the machine to itself is faster than one among others, by at most as many times as others would share it. Where even
    /// that bound is far below the estimate, the estimate is wrong, and it must be such runs that correct it: a forecast that is too gloomy
    /// lets in one request at a time, and then every run is alone.
    /// </remarks>
    public void Learn(CropBatch batch, int rows, TimeSpan run)
    {
        var shared = batch.IsAlone ? run * Math.Max(1, Limits.Sessions) : run;
        if (!batch.IsAlone || _cost.Line.Seconds(rows) > PlainlyTooLong * shared.TotalSeconds)
            _cost.Observe(rows, shared);
    }

    /// <summary>When the sessions will have done what they have to do.</summary>
    /// <param name="now">As a timestamp.</param>
    public PoolForecast Forecast(long now)
    {
        var cost = _cost.Line;
        var underway = 0.0;
        foreach (var batch in _running)
        {
            // A run that is over its time will end soon; how soon is anyone's guess.
            var whole = cost.Seconds(Limits.Sizes.RowsFor(Math.Clamp(batch.Count, 1, Limits.Sizes.Maximum)));
            underway += Math.Max(whole / 10, whole - time.GetElapsedTime(batch.TakenAt, now).TotalSeconds);
        }

        return new(cost, Limits.Sizes, Limits.Sessions, _running.Count, underway) { Spread = _cost.Spread };
    }
}
