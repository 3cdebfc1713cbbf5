namespace Saccade.Bench.Report;

/// <summary>Tables that read well as text too.</summary>
internal static class MarkdownTable
{
    /// <summary>A table with one header row.</summary>
    public static string Of(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var lines = new[] { header, [.. header.Select(_ => "---")] }.Concat(rows);
        return string.Concat(lines.Select(cells => "| " + string.Join(" | ", cells) + " |\n"));
    }
}
