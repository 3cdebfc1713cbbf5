namespace Saccade.Inference;

/// <summary>What became of a <see cref="ClassifyRequest"/>: a <see cref="Classification"/> or a <see cref="ClassifyRefusal"/>.</summary>
public abstract record ClassifyOutcome
{
    private protected ClassifyOutcome()
    {
    }
}

/// <summary>A request that was answered.</summary>
/// <param name="Model">Name of the model that answered.</param>
/// <param name="Version">Its version.</param>
/// <param name="CropsRequested">What the client asked for.</param>
/// <param name="CropsUsed">How many crops were looked at.</param>
/// <param name="Predictions">Best first; probabilities are in 0…1 and sum to 1 over all classes.</param>
/// <param name="Timings">Where the time went.</param>
public sealed record Classification(
    string Model,
    string Version,
    CropMode CropsRequested,
    int CropsUsed,
    IReadOnlyList<Prediction> Predictions,
    StageTimings Timings) : ClassifyOutcome;

/// <summary>A request that was not answered.</summary>
/// <param name="Failure">Where it stopped.</param>
/// <param name="Detail">One sentence for the client: what was wrong with this request. No configuration, no paths.</param>
/// <param name="RetryAfter">When trying again makes sense; null if it doesn't.</param>
/// <param name="Timings">What had been measured by then.</param>
public sealed record ClassifyRefusal(
    ClassifyFailure Failure,
    string Detail,
    TimeSpan? RetryAfter,
    StageTimings Timings) : ClassifyOutcome;

/// <summary>One label with its probability.</summary>
/// <param name="Label">The class name from the model's manifest.</param>
/// <param name="Index">Its position in the model's output, from 0.</param>
/// <param name="Probability">Mean of the crops' softmax, 0…1.</param>
public sealed record Prediction(string Label, int Index, float Probability);
