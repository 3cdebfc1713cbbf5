using Saccade.Inference.Bundles;
using Saccade.Inference.Execution.Sessions;
using Saccade.Inference.Tensors;

namespace Saccade.Inference.Models;

/// <summary>A snapshot of one version of a model, as shown to operators.</summary>
/// <param name="Name">Folder name of the model.</param>
/// <param name="Version">Folder name of the version, a positive integer.</param>
/// <param name="IsDefault">Whether a request that names no version of this model gets this one.</param>
/// <param name="IsDefaultModel">Whether a request that names no model gets this one.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Error">
/// Why it is not served, or, while it serves as it was loaded before, why what its folder holds by now is refused. One sentence without
/// paths; null while all is well.
/// </param>
/// <param name="Manifest">What it needs and promises; null when it could not be read.</param>
/// <param name="Assumed">Fields of <paramref name="Manifest"/> that nobody gave, such as <c>preprocessing.mean</c>.</param>
/// <param name="Device">What runs it, such as <c>CPU</c> or <c>CUDA 0</c>; null until that is settled.</param>
/// <param name="Sessions">Its pool.</param>
/// <param name="QueueDepth">Crops waiting.</param>
/// <param name="BatchLimits">Batch sizes in force; null until that is settled.</param>
public sealed record ModelStatus(
    string Name,
    string Version,
    bool IsDefault,
    bool IsDefaultModel,
    ModelState State,
    string? Error,
    ModelManifest? Manifest,
    IReadOnlyList<string> Assumed,
    string? Device,
    SessionCounts Sessions,
    int QueueDepth,
    BatchLimits? BatchLimits
)
{
    /// <summary>Whether it does not serve and will not before its files are others: asking again is pointless.</summary>
    public bool IsBroken { get; init; }

    /// <summary>What Triton's <c>config.pbtxt</c> asks for and the service does without, such as <c>optimization</c>.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Its tensors; null while it is not loaded.</summary>
    public TensorLayout? Layout { get; init; }

    /// <summary>What an ensemble is made of; null for a model.</summary>
    public EnsembleStatus? Ensemble { get; init; }

    /// <summary>What it can be asked for: see <see cref="ClassifyRequest.Crops"/>; empty until that is known.</summary>
    public IReadOnlyList<CropMode> CropModes => Ensemble?.CropModes ?? (Manifest is null ? [] : CropPlans.Of(Manifest));

    /// <summary>Class names by index; null until they are known.</summary>
    public IReadOnlyList<string>? Labels => Manifest?.Labels ?? Ensemble?.Labels;
}
