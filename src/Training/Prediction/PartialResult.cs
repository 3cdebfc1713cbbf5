namespace Saccade.Training.Prediction;

/// <summary>
/// The rows that runs have computed so far, a line each, only ever added to. A line that a killed run did not finish is cut off. Only one
/// run writes at a time.
/// </summary>
/// <remarks>
/// An image that failed for a reason outside it is computed again by the next run; its last row counts then.
/// </remarks>
internal sealed class PartialResult : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly Dictionary<string, PredictionError?> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _toRetry = new(StringComparer.Ordinal);
    private readonly HashSet<long> _superseded = [];
    private long _lines;

    private PartialResult(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Images that have a row, by name.</summary>
    public IEnumerable<string> Paths => _rows.Keys;

    /// <summary>Images that have a row.</summary>
    public NameSet Names => NameSet.Of(_rows.Keys);

    /// <summary>How many failed, by code.</summary>
    public IReadOnlyDictionary<string, long> Failures =>
        _rows
            .Values.OfType<PredictionError>()
            .CountBy(error => error.Code, StringComparer.Ordinal)
            .OrderBy(code => code.Key, StringComparer.Ordinal)
            .ToDictionary(code => code.Key, code => (long)code.Value);

    /// <summary>Opens the file, or begins it.</summary>
    /// <exception cref="InvalidDataException">A line in it is no row, or there are two of an image.</exception>
    /// <exception cref="IOException">Another run writes to it, or it cannot be written.</exception>
    public static PartialResult Open(string path)
    {
        PartialResult result = new(path, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        try
        {
            result.TakeIn();
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Whether an image has a row that will stay.</summary>
    public bool Holds(string name) => _rows.ContainsKey(name) && !_toRetry.ContainsKey(name);

    /// <summary>Adds a row; a kill from here on does not lose it.</summary>
    public void Append(PredictionRow row)
    {
        Note(row, retry: false);
        _file.Write([.. row.ToJson(), (byte)'\n']);
        _file.Flush();
    }

    /// <summary>Has everything on the disk.</summary>
    public void FlushToDisk() => _file.Flush(flushToDisk: true);

    /// <summary>Makes the result of it, which is there as a whole or not at all, and ends it.</summary>
    /// <param name="result">In the format that its name says.</param>
    /// <param name="settings">What the rows are of.</param>
    public void Complete(ResultFile result, PredictionSettings settings)
    {
        FlushToDisk();
        if (result.Format == ResultFormat.JsonLines && _superseded.Count == 0)
        {
            File.Move(_path, result.Path, overwrite: true);
            return;
        }

        ResultWriter.Write(result, Rows(), settings);
        File.Delete(_path);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private IEnumerable<PredictionRow> Rows()
    {
        _file.Position = 0;
        foreach (var (number, line) in JsonLines.Of(_file).Index())
        {
            if (!_superseded.Contains(number))
                yield return PredictionRow.Read(line.Span)!;
        }
    }

    private void TakeIn()
    {
        var end = 0L;
        foreach (var line in JsonLines.Of(_file))
        {
            var row = PredictionRow.Read(line.Span) ?? throw new InvalidDataException($"'{_path}': line {_lines + 1} is no row.");
            if (Holds(row.Path))
                throw new InvalidDataException($"'{_path}': line {_lines + 1} is the second of '{row.Path}'.");
            Note(row, retry: row.Error is { IsLasting: false });
            end += line.Length + 1;
        }

        _file.SetLength(end);
        _file.Position = end;
    }

    private void Note(PredictionRow row, bool retry)
    {
        if (_toRetry.Remove(row.Path, out var before))
            _superseded.Add(before);
        if (retry)
            _toRetry.Add(row.Path, _lines);
        _rows[row.Path] = row.Error;
        _lines++;
    }
}
