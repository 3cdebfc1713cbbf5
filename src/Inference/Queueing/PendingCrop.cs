using Saccade.Inference.Execution;

namespace Saccade.Inference.Queueing;

/// <summary>One crop on its way: what is scheduled, batched and run.</summary>
internal sealed class PendingCrop
{
    /// <summary>Its place among those that wait; belongs to <see cref="WaitingCrops"/>.</summary>
    public TreePlace Place;

    private readonly CropBuffers _buffers;
    private CropTensors? _tensors;

    public PendingCrop(PendingRequest request, int index, CropBuffers buffers)
    {
        Request = request;
        Index = index;
        _buffers = buffers;
        _tensors = buffers.Rent();
    }

    /// <summary>The request that waits for it.</summary>
    public PendingRequest Request { get; }

    /// <summary>Which crop of the request it is, from 0.</summary>
    public int Index { get; }

    /// <summary>When it counts as due: see <see cref="Queueing.Urgency"/>. Set when it enters.</summary>
    public long Urgency { get; set; }

    /// <summary>Order of arrival among all crops of the queue; set when it enters.</summary>
    public long Sequence { get; set; }

    /// <summary>Its own tensors: of one row, in which it can run by itself. They belong to the writer until enqueued, to the queue's worker after.</summary>
    public CropTensors Tensors => _tensors ?? throw new InvalidOperationException("The crop's memory has been given back.");

    /// <summary>The input tensor of this crop, as bytes.</summary>
    public Span<byte> Pixels => Tensors.Input(0);

    /// <summary>Where the network's output for it goes.</summary>
    public Span<float> Logits => Request.LogitsOf(Index);

    /// <summary>Gives the memory back; called once, by whoever the crop belongs to then.</summary>
    public void ReleasePixels()
    {
        if (Interlocked.Exchange(ref _tensors, null) is { } tensors) _buffers.Return(tensors);
    }
}
