namespace Saccade.Inference.Execution;

/// <summary>Finds out, before a model serves, from which batch size on larger batches bring no more throughput on a CPU.</summary>
internal static class PreferredBatch
{
    // A larger batch must be a tenth faster per crop to be worth making others wait for it.
    private const double WorthIt = 0.9;
    private const int Rounds = 3;

    /// <summary>Doubles the batch while that pays.</summary>
    /// <returns>1 to <paramref name="maximum"/>.</returns>
    public static int Measure(IModelSession session, TensorLayout layout, int maximum, TimeProvider time)
    {
        var preferred = 1;
        var best = TimePerCrop(session, layout, 1, time);
        for (var size = 2; size <= maximum; size *= 2)
        {
            var perCrop = TimePerCrop(session, layout, size, time);
            if (perCrop > best * WorthIt) break;
            (preferred, best) = (size, perCrop);
        }

        return preferred;
    }

    private static TimeSpan TimePerCrop(IModelSession session, TensorLayout layout, int size, TimeProvider time)
    {
        using var tensors = new CropTensors(layout, size);
        session.Run(tensors, size);
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var start = time.GetTimestamp();
            session.Run(tensors, size);
            var elapsed = time.GetElapsedTime(start);
            if (elapsed < best) best = elapsed;
        }

        return best / size;
    }
}
