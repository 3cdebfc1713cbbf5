using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Saccade.Training.Data;

/// <summary>
/// A table of image files with their classes: RFC 4180 with a header, separated by commas, semicolons or tabs. A column <c>path</c>,
/// <c>file</c>, <c>filename</c> or <c>image</c> names the file, a column <c>label</c> or <c>class</c> its class, and a column
/// <c>split</c>, if there is one, its part. Other columns are ignored.
/// </summary>
internal static class ImageTable
{
    private const int MostProblems = 10;

    private static readonly string[] PathColumns = ["path", "file", "filename", "image"];
    private static readonly string[] LabelColumns = ["label", "class"];
    private static readonly string[] PartColumns = ["split"];

    /// <summary>Reads a table; opens no image.</summary>
    /// <param name="location">The table, and the folder that its paths are relative to.</param>
    /// <param name="say">Told what was passed over, a line each.</param>
    /// <exception cref="InvalidDataException">A column is missing, or rows are not sound; the message names lines.</exception>
    public static ImageListing Read(DataLocation location, Action<string> say)
    {
        var csv = location.Csv!;
        if (!File.Exists(csv))
            throw new InvalidDataException($"There is no table '{csv}'.");
        if (!Directory.Exists(location.Path))
            throw new InvalidDataException($"There is no data folder '{location.Path}'.");
        var rows = ReadRows(csv);
        var problems = rows.Select(Problem).Concat(Contradictions(rows)).OfType<string>().ToArray();
        if (problems.Length > 0)
        {
            throw new InvalidDataException(
                $"'{csv}': {string.Join("; ", problems.Take(MostProblems))}"
                    + (problems.Length > MostProblems ? $"; and {problems.Length - MostProblems} more such lines." : ".")
            );
        }

        var once = rows.DistinctBy(row => row.Path, StringComparer.Ordinal).ToArray();
        if (once.Length < rows.Count)
            say($"passed over {Plural.Of(rows.Count - once.Length, "line")} of '{csv}' that repeat others");
        return ImageListing.Of(
            [.. once.Select(row => (InFolder(location.Path, row.Path), row.Class, row.Part is { } part ? DataPartNames.Find(part) : null))],
            once.Length > 0 && once[0].Part is not null ? "as the column split says" : null
        );
    }

    private static List<Row> ReadRows(string csv)
    {
        using var reader = new StreamReader(csv);
        using var table = new CsvReader(
            reader,
            new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                DetectDelimiter = true,
                DetectDelimiterValues = [",", ";", "\t"],
                TrimOptions = TrimOptions.Trim,
                MissingFieldFound = null,
            }
        );
        try
        {
            if (!table.Read() || !table.ReadHeader())
                throw new InvalidDataException($"'{csv}' is empty.");
            var header = table.HeaderRecord!;
            var path = Column(header, PathColumns) ?? throw Missing(csv, header, PathColumns);
            var label = Column(header, LabelColumns) ?? throw Missing(csv, header, LabelColumns);
            var part = Column(header, PartColumns);
            List<Row> rows = [];
            while (table.Read())
            {
                rows.Add(
                    new(
                        table.Parser.RawRow,
                        table.GetField(path) ?? "",
                        table.GetField(label) ?? "",
                        part is { } column ? table.GetField(column) ?? "" : null
                    )
                );
            }

            return rows.Count > 0 ? rows : throw new InvalidDataException($"'{csv}' has a header and no rows.");
        }
        catch (CsvHelperException exception)
        {
            throw new InvalidDataException($"'{csv}', line {table.Parser.RawRow}, is not a row of a table (RFC 4180).", exception);
        }
    }

    private static int? Column(string[] header, string[] names)
    {
        var column = Array.FindIndex(header, title => names.Contains(title.Trim(), StringComparer.OrdinalIgnoreCase));
        return column < 0 ? null : column;
    }

    private static InvalidDataException Missing(string csv, string[] header, string[] names) =>
        new($"'{csv}' has no column {string.Join(" or ", names)}; its header is {string.Join(", ", header)}.");

    private static string? Problem(Row row) =>
        row.Path.Length == 0 ? $"line {row.Line} names no file"
        : row.Class.Length == 0 ? $"line {row.Line} names no class"
        : row.Part is { } part && DataPartNames.Find(part) is null
            ? $"line {row.Line} has the split '{part}', which is none of {string.Join(", ", DataPartNames.All)}"
        : null;

    /// <summary>A file that has two classes or is in two parts.</summary>
    private static IEnumerable<string> Contradictions(List<Row> rows) =>
        rows.GroupBy(row => row.Path, StringComparer.Ordinal)
            .Select(same =>
                (First: same.First(), Other: same.FirstOrDefault(row => (row.Class, row.Part) != (same.First().Class, same.First().Part)))
            )
            .Where(pair => pair.Other is not null)
            .Select(pair => $"lines {pair.First.Line} and {pair.Other!.Line} disagree about '{pair.First.Path}'");

    private static string InFolder(string folder, string path)
    {
        var plain = Path.Combine(folder, path);
        // A table from Windows.
        return File.Exists(plain) || !path.Contains('\\', StringComparison.Ordinal)
            ? plain
            : Path.Combine(folder, path.Replace('\\', Path.DirectorySeparatorChar));
    }

    private sealed record Row(int Line, string Path, string Class, string? Part);
}
