using Saccade.Inference.Bundles;

namespace Saccade.Inference;

/// <summary>One image to classify, and how.</summary>
public sealed record ClassifyRequest
{
    /// <summary>The encoded image (JPEG, PNG, WebP, …), exactly as received. Must not change until the call returns.</summary>
    public required ReadOnlyMemory<byte> Image { get; init; }

    /// <summary>Model name; null means the default model.</summary>
    public string? Model { get; init; }

    /// <summary>Model version; null means the version served by default.</summary>
    public string? Version { get; init; }

    /// <summary>How many crops of the image: see docs/model-bundle.md.</summary>
    public CropMode Crops { get; init; } = CropMode.Single;

    /// <summary>How many predictions to return, at least 1; more than the model has classes means all of them.</summary>
    public int TopK { get; init; } = 5;

    /// <summary>
    /// When the request arrived, as a timestamp of the engine's <see cref="TimeProvider"/>; the total time is measured from here.
    /// </summary>
    public required long ArrivedAt { get; init; }

    /// <summary>Time allowed from <see cref="ArrivedAt"/> to the answer; null means the configured default.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The rounds of <see cref="CropMode.Auto"/>; null means the model's or the ensemble's own.</summary>
    public EarlyExitPolicy? EarlyExit { get; init; }

    /// <summary>Whether the answer is to hold the scores of every crop: see <see cref="ClassifyAnswer.CropScores"/>.</summary>
    public bool IncludeCropScores { get; init; }

    /// <summary>Whether the answer is to say what of the image every crop showed: see <see cref="ClassifyAnswer.Windows"/>.</summary>
    public bool IncludeWindows { get; init; }

    /// <summary>Whether the answer is to hold the features of the image: see <see cref="ClassifyAnswer.Features"/>.</summary>
    public bool IncludeFeatures { get; init; }

    /// <summary>Who asks, for a cache that keeps callers apart (<see cref="Classification.CacheOptions.PerKey"/>); null means
    /// nobody in particular.</summary>
    public string? Caller { get; init; }

    /// <summary>Larger is more urgent; 0 is normal.</summary>
    public int Priority { get; init; }
}
