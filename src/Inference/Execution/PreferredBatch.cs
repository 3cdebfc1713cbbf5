namespace Saccade.Inference.Execution;

/// <summary>Finds out, before a model serves, from which batch size on larger batches bring no more throughput on a CPU.</summary>
internal static class PreferredBatch
{
    // How far from the best throughput a smaller batch, which answers sooner, may stay.
    private const double Tolerance = 1.1;
    private const int Rounds = 3;

    // A run longer than this keeps others waiting for more than any batch can gain.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMilliseconds(50);

    /// <summary>Tries doublings of the batch, up to the longest run that is reasonable.</summary>
    /// <returns>The smallest size that is nearly as fast per crop as the fastest; 1 to <paramref name="maximum"/>.</returns>
    public static int Measure(IModelSession session, TensorLayout layout, int maximum, TimeProvider time)
    {
        var tried = new List<(int Size, TimeSpan PerCrop)>();
        for (var size = 1; size <= maximum; size *= 2)
        {
            var perCrop = TimePerCrop(session, layout, size, time);
            tried.Add((size, perCrop));
            if (perCrop * size > LongestRun) break;
        }

        var best = tried.Min(one => one.PerCrop);
        return tried.First(one => one.PerCrop <= best * Tolerance).Size;
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
