namespace Saccade.Training.Data;

/// <summary>Which image files a data set is made of, to know it again without opening them.</summary>
/// <param name="Sha256">
/// Of the place, class, part and size of every file, those that cannot be read included: another value says that a file was added, removed,
/// moved or replaced.
/// </param>
/// <param name="Count">How many files.</param>
public sealed record DataFiles(string Sha256, int Count)
{
    /// <summary>Those that could not be read and were left out, relative to the data's folder, with slashes.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];
}
