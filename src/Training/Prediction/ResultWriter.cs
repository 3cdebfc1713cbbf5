using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Serialization;

namespace Saccade.Training.Prediction;

/// <summary>Writes rows in the format of a result; as a whole or not at all, and one row group in memory at most.</summary>
internal static class ResultWriter
{
    // A row group is what readers of Parquet read at once: at 1,024 numbers of embedding a row, 40 MB.
    private const int RowsOfGroup = 10_000;

    private static readonly System.Buffers.SearchValues<char> ToQuote = System.Buffers.SearchValues.Create(",\"\r\n");

    /// <summary>Writes a result.</summary>
    /// <param name="result">Where, and in which format.</param>
    /// <param name="rows">Gone through once.</param>
    /// <param name="settings">What they are of.</param>
    public static void Write(ResultFile result, IEnumerable<PredictionRow> rows, PredictionSettings settings)
    {
        var format = result.Format;
        AtomicFile.Write(
            result.Path,
            stream =>
            {
                switch (format)
                {
                    case ResultFormat.JsonLines:
                        WriteLines(stream, rows);
                        break;
                    case ResultFormat.Csv:
                        WriteCsv(stream, rows, settings);
                        break;
                    default:
                        WriteParquet(stream, rows);
                        break;
                }
            }
        );
    }

    private static void WriteLines(Stream stream, IEnumerable<PredictionRow> rows)
    {
        foreach (var row in rows)
            stream.Write([.. row.ToJson(), (byte)'\n']);
    }

    private static void WriteCsv(Stream stream, IEnumerable<PredictionRow> rows, PredictionSettings settings)
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true)
        {
            NewLine = "\r\n",
        };
        string[] columns = settings.IsMultiLabel ? ["label", "index", "probability", "selected"] : ["label", "index", "probability"];
        IEnumerable<string> header =
        [
            "path",
            "error",
            "detail",
            "crops",
            .. Enumerable.Range(1, settings.Top).SelectMany(place => columns.Select(column => $"{column}_{place}")),
            .. Enumerable.Range(0, settings.EmbeddingSize).Select(number => $"embedding_{number}"),
        ];
        writer.WriteLine(string.Join(',', header));
        foreach (var row in rows)
        {
            var labels = Enumerable
                .Range(0, settings.Top)
                .SelectMany(place => Cells(row.Predictions?.ElementAtOrDefault(place)).Take(columns.Length));
            var embedding = Enumerable.Range(0, settings.EmbeddingSize).Select(number => Text(row.Embedding?[number]));
            IEnumerable<string> cells =
            [
                Quoted(row.Path),
                row.Error?.Code ?? "",
                Quoted(row.Error?.Detail ?? ""),
                Text(row.Crops),
                .. labels,
                .. embedding,
            ];
            writer.WriteLine(string.Join(',', cells));
        }
    }

    private static string[] Cells(PredictedLabel? label) =>
        label is null
            ? ["", "", "", ""]
            : [Quoted(label.Label), Text(label.Index), Text(label.Probability), label.Selected == true ? "true" : "false"];

    private static string Text(IFormattable? number) => number?.ToString(format: null, CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(ToQuote) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    // The library is asynchronous throughout; nobody here waits for anything but this file.
    private static void WriteParquet(Stream stream, IEnumerable<PredictionRow> rows) =>
        ParquetSerializer
            .SerializeAsync(rows.Select(ParquetRow.Of), stream, new ParquetOptions { RowGroupSize = RowsOfGroup })
            .GetAwaiter()
            .GetResult();
}
