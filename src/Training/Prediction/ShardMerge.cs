namespace Saccade.Training.Prediction;

/// <summary>Puts the shares of a result together, or says why they are not all of it: in what comes out every image has one row.</summary>
public static class ShardMerge
{
    /// <summary>Writes the result.</summary>
    /// <param name="result">Where, in the format that its name says; there as a whole or not at all.</param>
    /// <param name="parts">The files of all shards, in any order.</param>
    /// <returns>What it holds.</returns>
    /// <exception cref="InvalidDataException">
    /// A share is missing, is there twice or is not complete; two are of different settings or images; or a file's rows are not what its
    /// run noted.
    /// </exception>
    public static PredictionNote Write(ResultFile result, IReadOnlyList<string> parts)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(parts);
        _ = result.Format;
        if (File.Exists(result.Path))
            throw new InvalidDataException($"'{result.Path}' is there already.");
        Part[] shares = [.. parts.Select(Read).OrderBy(part => part.Shard.Index)];
        RequireWhole(shares);
        RequireSame(shares);

        var note = shares[0].Note with
        {
            Shard = Shard.Whole.ToString(),
            Rows = Sum(shares, part => part.Note.Rows!.Value),
            Repeats = Sum(shares, part => part.Note.Repeats),
            Failures = shares
                .SelectMany(part => part.Note.Failures ?? new Dictionary<string, long>())
                .AggregateBy(failure => failure.Key, 0L, (sum, failure) => sum + failure.Value, StringComparer.Ordinal)
                .ToDictionary(StringComparer.Ordinal),
        };
        if (note.Rows!.Value.With(note.Repeats) != note.Inputs)
            throw new InvalidDataException(
                $"The shares hold {note.Rows.Value.Count + note.Repeats.Count} images of {note.Inputs.Count}: they are not of one list."
            );
        ResultWriter.Write(result, shares.SelectMany(Checked), note.Settings);
        note.Write(result.Note);
        return note;
    }

    private static Part Read(string path)
    {
        var file = new ResultFile(path);
        var note =
            PredictionNote.Read(file.Note)
            ?? throw new InvalidDataException($"'{path}' is no share of a result: there is no '{file.Note}'.");
        if (!File.Exists(path) || note.Rows is null)
            throw new InvalidDataException($"Shard {note.Shard} is not complete: run it again, and it goes on where it stopped.");
        return Shard.Parse(note.Shard) is { IsPart: true } shard
            ? new(path, note, shard)
            : throw new InvalidDataException($"'{path}' is no share of a result, but a whole one.");
    }

    private static void RequireWhole(Part[] shares)
    {
        if (shares.Length == 0)
            throw new InvalidDataException("There are no shares.");
        var count = shares[0].Shard.Count;
        if (Array.Find(shares, part => part.Shard.Count != count) is { } other)
            throw new InvalidDataException($"'{shares[0].Path}' is one of {count} shares, '{other.Path}' one of {other.Shard.Count}.");
        foreach (var (index, twice) in shares.CountBy(part => part.Shard.Index).Where(shard => shard.Value > 1))
            throw new InvalidDataException($"Shard {index}/{count} is given {twice} times.");
        int[] missing = [.. Enumerable.Range(0, count).Except(shares.Select(part => part.Shard.Index))];
        if (missing.Length > 0)
            throw new InvalidDataException($"Of {count} shards these are missing: {string.Join(", ", missing.Take(20))}.");
    }

    private static void RequireSame(Part[] shares)
    {
        var first = shares[0];
        foreach (var part in shares)
        {
            if (part.Note.Settings != first.Note.Settings)
                throw new InvalidDataException($"'{part.Path}' is of another model or of other settings than '{first.Path}'.");
            if (part.Note.Inputs != first.Note.Inputs)
                throw new InvalidDataException(
                    $"Shard {part.Shard} was made when there were {part.Note.Inputs.Count} images, shard {first.Shard} when there were "
                        + $"{first.Note.Inputs.Count}, or others: run all shards again over the same images; only what is new is computed."
                );
        }
    }

    private static NameSet Sum(Part[] shares, Func<Part, NameSet> part) =>
        shares.Aggregate(default(NameSet), (sum, share) => sum.With(part(share)));

    /// <summary>A share's rows. That they are what its run noted is known after the last, before the result is there.</summary>
    private static IEnumerable<PredictionRow> Checked(Part part)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in JsonLines.Rows(part.Path))
        {
            if (!part.Shard.Holds(row.Path) || !names.Add(row.Path))
                throw new InvalidDataException($"'{part.Path}' has a row of '{row.Path}' that is not its own, or a second one.");
            yield return row;
        }

        if (NameSet.Of(names) != part.Note.Rows)
            throw new InvalidDataException(
                $"'{part.Path}' has {names.Count} rows, and its run noted {part.Note.Rows!.Value.Count}, or others."
            );
    }

    private sealed record Part(string Path, PredictionNote Note, Shard Shard);
}
