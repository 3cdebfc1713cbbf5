namespace Saccade.Inference.Scheduling;

/// <summary>One crop on its way: what is scheduled, batched and run.</summary>
/// <param name="request">The request that waits for it.</param>
/// <param name="index">Which crop of the request it is, from 0.</param>
internal sealed class PendingCrop(PendingRequest request, int index)
{
    private bool _released;

    /// <summary>The request that waits for it.</summary>
    public PendingRequest Request => request;

    /// <summary>Which crop of the request it is, from 0.</summary>
    public int Index => index;

    /// <summary>When it counts as due: see <see cref="Urgency"/>. Set when it enters.</summary>
    public long Urgency { get; set; }

    /// <summary>Order of arrival among all crops of the queue; set when it enters.</summary>
    public long Sequence { get; set; }

    /// <summary>
    /// Most crops in a batch that it may be part of. Each failed batch halves it, so that a crop that makes the runtime fail ends up alone
    /// and takes nobody down, and its neighbours run at most log2(batch) times more.
    /// </summary>
    public int MaxBatch { get; set; } = int.MaxValue;

    /// <summary>Whether it is among those that wait; belongs to <see cref="WaitingCrops"/>.</summary>
    public bool Waits { get; set; }

    /// <summary>Where the network's output for it goes.</summary>
    public Span<float> Logits => request.LogitsOf(index);

    /// <summary>Where the output of the layer before the classifier goes; empty where it is not wanted.</summary>
    public Span<float> Features => request.FeaturesOf(index);

    /// <summary>Writes it as the network wants it; not after <see cref="ReleasePixels"/>.</summary>
    /// <param name="row">Its row of the input tensor.</param>
    public void Write(Span<byte> row) => request.Source.Write(index, row);

    /// <summary>It is written no more. Called once at least, by whoever the crop belongs to then.</summary>
    public void ReleasePixels()
    {
        if (!Interlocked.Exchange(ref _released, true))
            request.Released();
    }
}
