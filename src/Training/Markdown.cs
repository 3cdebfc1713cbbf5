using System.Globalization;
using System.Text;

namespace Saccade.Training;

/// <summary>Markdown, line by line.</summary>
internal static class Markdown
{
    private const string Special = "\\`*_{}[]<>#|!~";

    /// <summary>Appends a line, its numbers in the invariant culture.</summary>
    public static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    /// <summary>Text that is shown as it is, also in a cell of a table: one line, with nothing that Markdown or HTML would take for more
    /// than text.</summary>
    public static string Escape(string text) =>
        string.Concat(
            text.Select(letter =>
                char.IsControl(letter) ? " "
                : Special.Contains(letter, StringComparison.Ordinal) ? $"\\{letter}"
                : letter.ToString()
            )
        );
}
