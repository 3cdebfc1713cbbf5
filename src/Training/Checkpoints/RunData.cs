using System.Text.Json.Serialization;
using Saccade.Training.Data;

namespace Saccade.Training.Checkpoints;

/// <summary>What a run learns from.</summary>
/// <param name="Path">As given on the command line.</param>
/// <param name="Split">How training and held-out part were told apart, in words; belongs beside every figure.</param>
/// <param name="TrainImages">Images trained on.</param>
/// <param name="HeldOutImages">Images evaluated on.</param>
/// <param name="Limit">Most images taken of each part, the first ones; null means all.</param>
/// <param name="Shrink">What the images' shorter sides were shrunk to first; null leaves them.</param>
/// <param name="Csv">Table of images and classes; null where folders say the classes.</param>
/// <param name="Recursive">Whether images in folders below a class's folder count.</param>
/// <param name="SkipUnreadable">Whether images that cannot be read are left out.</param>
public sealed record RunData(
    string Path,
    string Split,
    int TrainImages,
    int HeldOutImages,
    int? Limit = null,
    int? Shrink = null,
    string? Csv = null,
    bool Recursive = false,
    bool SkipUnreadable = false
)
{
    /// <summary>Training images drawn of each class; null takes all.</summary>
    public int? PerClass { get; init; }

    /// <summary>Where the images are.</summary>
    [JsonIgnore]
    public DataLocation Location => new(Path, Csv, Recursive, SkipUnreadable);

    /// <summary>Opens the data as the run sees them.</summary>
    /// <param name="say">Told what was passed over and assumed, a line each.</param>
    /// <exception cref="InvalidDataException">They are not there, or damaged.</exception>
    public DataSet Open(Action<string> say) => Open(Location, Limit, Shrink, say);

    /// <summary>Opens data as a run will see them.</summary>
    /// <exception cref="InvalidDataException">They are not there, or damaged, or hold nothing to train on.</exception>
    public static DataSet Open(DataLocation location, int? limit, int? shrink, Action<string> say)
    {
        var data = DataSet.Open(location, say);
        if (data.Train.Count == 0)
            throw new InvalidDataException($"'{location.Path}' has no part to train on; it has {DataPartNames.Of(data.HeldOutPart)}.");
        if (limit is { } images)
            data = data.Limit(images);
        return shrink is { } side ? data.Shrink(side) : data;
    }
}
