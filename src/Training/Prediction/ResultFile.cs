namespace Saccade.Training.Prediction;

/// <summary>
/// The files of a result. While it is computed its rows are JSON lines in <see cref="Partial"/>, whatever its format; the file itself is
/// there when it is complete, and never before.
/// </summary>
/// <param name="Path">The result.</param>
public sealed record ResultFile(string Path)
{
    /// <summary>Rows so far, as JSON lines.</summary>
    public string Partial => $"{Path}.unfinished";

    /// <summary>See <see cref="PredictionNote"/>.</summary>
    public string Note => $"{Path}.run.json";

    /// <summary>Its format, by the end of its name.</summary>
    /// <exception cref="InvalidDataException">No format has that end.</exception>
    public ResultFormat Format =>
        System.IO.Path.GetExtension(Path).ToLowerInvariant() switch
        {
            ".jsonl" => ResultFormat.JsonLines,
            ".csv" => ResultFormat.Csv,
            ".parquet" => ResultFormat.Parquet,
            _ => throw new InvalidDataException($"'{Path}' is no .jsonl, .csv or .parquet."),
        };
}

/// <summary>The forms of a result.</summary>
public enum ResultFormat
{
    /// <summary>An object a line.</summary>
    JsonLines,

    /// <summary>Comma-separated values with a header (RFC 4180).</summary>
    Csv,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}
