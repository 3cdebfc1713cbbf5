using Saccade.Inference.Bundles;

namespace Saccade.Inference;

/// <summary>What became of a <see cref="ClassifyRequest"/>: a <see cref="ClassifyAnswer"/> or a <see cref="ClassifyRefusal"/>.</summary>
public abstract record ClassifyOutcome
{
    private protected ClassifyOutcome() { }
}

/// <summary>A request that was answered.</summary>
/// <param name="Model">Name of the model that answered.</param>
/// <param name="Version">Its version.</param>
/// <param name="CropsRequested">What the client asked for.</param>
/// <param name="CropsUsed">How many crops the answer is made of, over all members.</param>
/// <param name="Predictions">Best first; probabilities are in 0…1, and sum to 1 over all classes if these exclude each other.</param>
/// <param name="Timings">Where the time went.</param>
public sealed record ClassifyAnswer(
    string Model,
    string Version,
    CropMode CropsRequested,
    int CropsUsed,
    IReadOnlyList<Prediction> Predictions,
    StageTimings Timings
) : ClassifyOutcome
{
    /// <summary>Who answered: the members of an ensemble that are in the answer, or the model itself.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>How many crops by each of <see cref="Members"/> are in the answer; together <see cref="CropsUsed"/>.</summary>
    public IReadOnlyList<int> CropsOfMembers { get; init; } = [];

    /// <summary>Members that should be in the answer and are not.</summary>
    public IReadOnlyList<MissingMember> Missing { get; init; } = [];

    /// <summary>Why there was no further round; null unless <see cref="CropMode.Auto"/> was asked for.</summary>
    public StopReason? StopReason { get; init; }

    /// <summary>Columns and rows of the image as it was sent, upright.</summary>
    public PixelSize ImageSize { get; init; }

    /// <summary>The scores of every crop; empty unless <see cref="ClassifyRequest.IncludeCropScores"/>.</summary>
    public IReadOnlyList<MemberScores> CropScores { get; init; } = [];

    /// <summary>
    /// What the classifier saw of the image: the mean of the crops' outputs of the layer before it, each crop counted as often as it counts
    /// for the predictions; empty unless <see cref="ClassifyRequest.IncludeFeatures"/>.
    /// </summary>
    public IReadOnlyList<float> Features { get; init; } = [];

    /// <summary>What of the image every crop showed; empty unless <see cref="ClassifyRequest.IncludeWindows"/>.</summary>
    public IReadOnlyList<MemberWindows> Windows { get; init; } = [];

    /// <summary>Where the answer came from; null if it was computed for this request. Otherwise <see cref="Timings"/> has a total
    /// only.</summary>
    public CacheUse? Cached { get; init; }

    /// <summary>How long ago the answer was computed; null unless it was a <see cref="CacheUse.Hit"/>.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>Whether nothing was left out for want of time, of room or of a member: another time the answer would be the same.</summary>
    internal bool IsWhole { get; init; }

    /// <summary>Which load of each of <see cref="Members"/> answered.</summary>
    internal IReadOnlyList<Guid> LoadIds { get; init; } = [];
}

/// <summary>A member of an ensemble that is not in an answer.</summary>
/// <param name="Name">Which.</param>
/// <param name="Reason">Why.</param>
public sealed record MissingMember(string Name, ClassifyFailure Reason);

/// <summary>What a model said of each crop.</summary>
/// <param name="Member">Which model.</param>
/// <param name="Rounds">The logits of the crops computed in each round that computed any, [crops, classes]; in the order in which they were
/// computed.</param>
public sealed record MemberScores(string Member, IReadOnlyList<float[]> Rounds);

/// <summary>A request that was not answered.</summary>
/// <param name="Failure">Where it stopped.</param>
/// <param name="Detail">One sentence for the client: what was wrong with this request. No configuration, no paths.</param>
/// <param name="RetryAfter">When trying again makes sense; null if it doesn't.</param>
/// <param name="Timings">What had been measured by then.</param>
public sealed record ClassifyRefusal(ClassifyFailure Failure, string Detail, TimeSpan? RetryAfter, StageTimings Timings) : ClassifyOutcome;

/// <summary>One label with its probability.</summary>
/// <param name="Label">The class name from the model's manifest.</param>
/// <param name="Index">Its position in the model's output, from 0.</param>
/// <param name="Probability">Mean of the crops' probabilities, 0…1.</param>
public sealed record Prediction(string Label, int Index, float Probability)
{
    /// <summary>Whether it reaches the model's threshold; null where the classes exclude each other.</summary>
    public bool? Selected { get; init; }
}
