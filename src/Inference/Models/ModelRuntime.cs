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
/// <param name="Pool">Sessions that pull them.</param>
internal sealed record ModelRuntime(
    ModelManifest Manifest, bool ManifestAssumed, TensorLayout Layout, string Device, CropBuffers Buffers, CropQueue Queue, WorkerPool Pool);
