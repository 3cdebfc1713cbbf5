using Saccade.Inference.Scheduling;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Execution.Sessions;

/// <summary>Finds out, before a model serves, from which batch size on larger batches bring no more throughput on a CPU.</summary>
internal static class PreferredBatch
{
    // How far from the best throughput a smaller batch may stay: hardly more than noise. Batches only grow where crops wait, and who waits
    // is answered sooner by the larger throughput. Beside runs of other sessions a batch gains more than here, where the session runs
    // alone.
    private const double Tolerance = 1.01;
    private const int Rounds = 5;

    // A run longer than this keeps others waiting for more than any batch can gain.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMilliseconds(75);

    /// <summary>Tries sizes upwards, up to the longest run that is reasonable.</summary>
    /// <param name="session">What runs them.</param>
    /// <param name="layout">Shape of one crop.</param>
    /// <param name="sizes">Batch sizes that may be run.</param>
    /// <param name="time">The clock.</param>
    /// <param name="measured">Called with every size that was tried and how long its run took.</param>
    /// <returns>
    /// The smallest allowed size that is nearly as fast per crop as the fastest, and the largest for which there was memory.
    /// </returns>
    public static (int Preferred, int Largest) Measure(
        IModelSession session,
        TensorLayout layout,
        BatchSizes sizes,
        TimeProvider time,
        Action<int, TimeSpan> measured
    )
    {
        var tried = new List<(int Size, TimeSpan PerCrop)>();
        var largest = sizes.Maximum;
        foreach (var size in sizes.Candidates())
        {
            try
            {
                var run = BestRun(session, layout, size, time);
                measured(size, run);
                if (run > LongestRun && tried.Count > 0)
                    break;
                tried.Add((size, run / size));
            }
            catch (Exception error) when (MemoryFailure.Is(error) && tried.Count > 0)
            {
                largest = tried[^1].Size;
                break;
            }
        }

        var best = tried.Min(one => one.PerCrop);
        return (tried.First(one => one.PerCrop <= best * Tolerance).Size, largest);
    }

    private static TimeSpan BestRun(IModelSession session, TensorLayout layout, int size, TimeProvider time)
    {
        using var tensors = new CropTensors(layout, size);
        session.Run(tensors, size);
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var start = time.GetTimestamp();
            session.Run(tensors, size);
            var elapsed = time.GetElapsedTime(start);
            if (elapsed < best)
                best = elapsed;
        }

        return best;
    }
}
