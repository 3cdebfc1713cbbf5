namespace Saccade.Training.Experiments;

/// <summary>A row of an experiment's table.</summary>
/// <param name="Name">Unique in the experiment.</param>
/// <param name="Arguments">Arguments of <c>train</c> that make it differ; they count before the shared ones. {half} is half the
/// epochs.</param>
/// <param name="Published">The paper's figure for it, in words; empty where there is none.</param>
public sealed record ExperimentVariant(string Name, string Arguments, string Published = "")
{
    /// <summary>The variant whose runs it is measured on, with their trained weights in place of the averaged; null for runs of its
    /// own.</summary>
    public string? TrainedWeightsOf { get; init; }

    /// <summary>The variant that is trained for it.</summary>
    public string RunsOf => TrainedWeightsOf ?? Name;

    /// <summary>Name of the folders of its runs, before the seed.</summary>
    public string Folder =>
        string.Join(
            '-',
            RunsOf
                .ToLowerInvariant()
                .Split(
                    (char[])[.. RunsOf.ToLowerInvariant().Where(letter => !char.IsAsciiLetterOrDigit(letter))],
                    StringSplitOptions.RemoveEmptyEntries
                )
        );
}
