using Saccade.Inference.Execution;
using Saccade.Inference.Queueing;

namespace Saccade.Inference.Models;

/// <summary>Everything that one loaded version needs to answer.</summary>
/// <param name="Manifest">What it needs and promises.</param>
/// <param name="ManifestAssumed">Whether the manifest is made of what the graph tells and defaults.</param>
/// <param name="Layout">Its tensors.</param>
/// <param name="Device">What runs it.</param>
/// <param name="Buffers">Memory for crops.</param>
/// <param name="Queue">Crops that wait.</param>
/// <param name="Notice">Tells the operator when there is no room for more.</param>
/// <param name="Pool">Sessions that pull them.</param>
internal sealed record ModelRuntime(
    ModelManifest Manifest,
    bool ManifestAssumed,
    TensorLayout Layout,
    string Device,
    CropBuffers Buffers,
    CropQueue Queue,
    QueueFullNotice Notice,
    WorkerPool Pool)
{
    /// <summary>Keeps room for a request: see <see cref="CropQueue.TryReserve"/>.</summary>
    public ClassifyFailure? TryReserve(int crops, out TimeSpan retryAfter)
    {
        var refusal = Queue.TryReserve(crops, out retryAfter);
        if (refusal == ClassifyFailure.QueueFull) Notice.Refused();
        return refusal;
    }
}
