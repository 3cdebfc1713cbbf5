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

    /// <summary>The image files when the run began; null where there are none, or the run is of a version that did not note them.</summary>
    public DataFiles? Files { get; init; }

    /// <summary>Where the images are.</summary>
    [JsonIgnore]
    public DataLocation Location => new(Path, Csv, Recursive, SkipUnreadable);

    /// <summary>Whether there is something at their place.</summary>
    [JsonIgnore]
    public bool IsThere => Directory.Exists(Path) && (Csv is null || File.Exists(Csv));

    /// <summary>That they are others now, in a sentence.</summary>
    [JsonIgnore]
    public string Changed =>
        $"The data in '{Csv ?? Path}' is not what the run began with"
        + (Files is null ? "." : $": of {Plural.Of(Files.Count, "file")} some were added, removed, moved or replaced since.");

    /// <summary>Opens data as a new run will see them, and checks every image file.</summary>
    /// <param name="location">Where.</param>
    /// <param name="limit">Most images taken of each part, the first ones; null means all.</param>
    /// <param name="perClass">Training images drawn of each class; null takes all.</param>
    /// <param name="shrink">What the images' shorter sides are shrunk to; null leaves them.</param>
    /// <param name="seed">The run's.</param>
    /// <param name="say">Told what was found, a line each.</param>
    /// <returns>What the run's record says of them, and the images.</returns>
    /// <exception cref="InvalidDataException">They are not there, or damaged, or hold nothing to train on.</exception>
    public static (RunData Record, DataSet Images) Begin(
        DataLocation location,
        int? limit,
        int? perClass,
        int? shrink,
        long seed,
        Action<string> say
    )
    {
        var data = Some(DataSet.OpenChecked(location, say), limit, perClass, shrink, seed);
        if (data.Train.Count == 0)
            throw new InvalidDataException($"'{location.Path}' has no part to train on; it has {DataPartNames.Of(data.HeldOutPart)}.");
        return (
            new(
                location.Path,
                data.Split,
                data.Train.Count,
                data.HeldOut.Count,
                limit,
                shrink,
                location.Csv,
                location.Recursive,
                location.SkipUnreadable
            )
            {
                PerClass = perClass,
                Files = data.Files,
            },
            data
        );
    }

    /// <summary>Opens the data as the run saw them. Image files are not opened, and the run's unreadable ones are left out again.</summary>
    /// <param name="labels">The run's class names.</param>
    /// <param name="seed">The run's.</param>
    /// <param name="say">Told what was passed over and assumed, a line each.</param>
    /// <returns>The images; null where they are others than the run began with.</returns>
    /// <exception cref="InvalidDataException">They are not there, or classes cannot be told from them.</exception>
    public DataSet? Reopen(IReadOnlyList<string> labels, long seed, Action<string> say)
    {
        var all = Files is null ? DataSet.OpenChecked(Location, say) : DataSet.Reopen(Location, Files, say);
        var data = Some(all, Limit, PerClass, Shrink, seed);
        return
            data.Train.Count == TrainImages
            && data.HeldOut.Count == HeldOutImages
            && (Files is null || data.Files?.Sha256 == Files.Sha256)
            && data.Labels.SequenceEqual(labels, StringComparer.Ordinal)
            ? data
            : null;
    }

    private static DataSet Some(DataSet data, int? limit, int? perClass, int? shrink, long seed)
    {
        if (limit is { } images)
            data = data.Limit(images);
        if (shrink is { } side)
            data = data.Shrink(side);
        return perClass is { } each ? data with { Train = ImagesPerClass.Draw(data.Train, each, seed) } : data;
    }
}
