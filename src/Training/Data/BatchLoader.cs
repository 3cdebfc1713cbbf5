namespace Saccade.Training.Data;

/// <summary>
/// Decodes and crops ahead of the network, some batches at a time on the thread pool, and hands them out in order. What a batch
/// holds depends on the order given and on the sample writer, never on how threads happen to run.
/// </summary>
public sealed class BatchLoader
{
    private readonly IImageSource _source;
    private readonly int _floatsPerImage;
    private readonly int _ahead;
    private readonly TimeProvider _clock;
    private readonly int _threads;

    /// <summary>Loads from a source, some batches ahead of whoever takes them.</summary>
    /// <param name="source">The images.</param>
    /// <param name="floatsPerImage">Floats of all crops of one image.</param>
    /// <param name="ahead">Batches in preparation or ready, at least 1; bounds memory.</param>
    /// <param name="clock">Measures the waiting.</param>
    /// <param name="threads">Batches in preparation at once, at least 1; null for all of <paramref name="ahead"/>.</param>
    public BatchLoader(IImageSource source, int floatsPerImage, int ahead, TimeProvider clock, int? threads = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ahead, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads ?? 1, 1, nameof(threads));
        _source = source;
        _floatsPerImage = floatsPerImage;
        _ahead = ahead;
        _threads = threads ?? ahead;
        _clock = clock;
    }

    /// <summary>How long the consumer stood waiting for batches so far.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>The batches in order, decoded and cropped in the background.</summary>
    /// <param name="order">Indices of images, in the order they are handed out.</param>
    /// <param name="batches">How <paramref name="order"/> is cut.</param>
    /// <param name="write">Makes an image's floats.</param>
    /// <param name="first">The first batch to hand out, when an epoch is taken up in its middle.</param>
    public IEnumerable<Batch> Read(int[] order, BatchPlan batches, SampleWriter write, int first = 0)
    {
        using SemaphoreSlim turns = new(_threads);
        Queue<Task<Batch>> pending = new();
        var next = first;
        void Prepare()
        {
            for (; next < batches.Count && pending.Count < _ahead; next++)
            {
                var range = batches[next];
                pending.Enqueue(InTurn(turns, () => Load(order.AsSpan(range), write)));
            }
        }

        try
        {
            Prepare();
            while (pending.TryDequeue(out var task))
            {
                Prepare(); // before the consumer sets to work, so that preparing goes on meanwhile
                yield return Await(task);
            }
        }
        finally
        {
            // The consumer may leave early; what is under way must not outlive the sources it reads.
            foreach (var task in pending)
                Discard(task);
        }
    }

    private static void Discard(Task<Batch> task)
    {
        try
        {
            task.GetAwaiter().GetResult().Dispose();
        }
        catch (Exception)
        {
            // It concerns a batch that nobody will see, and the consumer left for a reason of its own.
        }
    }

    private static async Task<Batch> InTurn(SemaphoreSlim turns, Func<Batch> load)
    {
        await turns.WaitAsync();
        try
        {
            return await Task.Run(load);
        }
        finally
        {
            turns.Release();
        }
    }

    private Batch Await(Task<Batch> task)
    {
        var start = _clock.GetTimestamp();
        var batch = task.GetAwaiter().GetResult();
        Waited += _clock.GetElapsedTime(start);
        return batch;
    }

    private Batch Load(ReadOnlySpan<int> indices, SampleWriter write)
    {
        Batch batch = new(indices.Length, _floatsPerImage);
        try
        {
            for (var i = 0; i < indices.Length; i++)
            {
                using var image = _source.Load(indices[i]);
                write(indices[i], image, batch.Pixels.Slice(i * _floatsPerImage, _floatsPerImage));
                batch.Labels[i] = _source.LabelOf(indices[i]);
            }

            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }
}
