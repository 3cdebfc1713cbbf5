using Saccade.Training.Data;

namespace Saccade.Training.Checkpoints;

/// <summary>What a run learns from.</summary>
/// <param name="Path">As given on the command line.</param>
/// <param name="Split">How training and held-out part were told apart, in words; belongs beside every figure.</param>
/// <param name="TrainImages">Images trained on.</param>
/// <param name="HeldOutImages">Images evaluated on.</param>
/// <param name="Limit">Most images taken of each part, the first ones; null means all.</param>
/// <param name="Shrink">What the images' shorter sides were shrunk to first; null leaves them.</param>
public sealed record RunData(string Path, string Split, int TrainImages, int HeldOutImages, int? Limit = null, int? Shrink = null)
{
    /// <summary>Training images drawn of each class; null takes all.</summary>
    public int? PerClass { get; init; }

    /// <summary>Opens the data as the run sees them.</summary>
    /// <exception cref="InvalidDataException">They are not there, or damaged.</exception>
    public DataSet Open() => Open(Path, Limit, Shrink);

    /// <summary>Opens data as a run will see them.</summary>
    /// <exception cref="InvalidDataException">They are not there, or damaged.</exception>
    public static DataSet Open(string path, int? limit, int? shrink)
    {
        var data = DataSet.Open(path);
        if (limit is { } images)
            data = data.Limit(images);
        return shrink is { } side ? data.Shrink(side) : data;
    }
}
