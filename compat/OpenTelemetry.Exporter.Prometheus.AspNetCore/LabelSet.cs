using System.Text;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Labels in the order they came. Keys that become equal are merged: their values, in the order of the original keys, joined by semicolons.</summary>
internal sealed class LabelSet
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, List<(string Original, string Value)>> _labels = new(StringComparer.Ordinal);

    /// <summary>The key as a label's name: everything but letters, digits and underscores becomes one underscore; a leading digit gets one before it.</summary>
    public static string Sanitize(string key)
    {
        var result = new StringBuilder(key.Length + 1);
        if (key.Length == 0 || char.IsAsciiDigit(key[0]))
        {
            result.Append('_');
        }

        bool replaced = result.Length > 0;
        foreach (char letter in key)
        {
            bool allowed = char.IsAsciiLetterOrDigit(letter) || letter == '_';
            if (allowed || !replaced)
            {
                result.Append(allowed ? letter : '_');
            }

            replaced = !allowed || letter == '_';
        }

        return result.ToString();
    }

    public void Add(string key, object? value) => Add(key, Sanitize(key), value);

    public void Add(string original, string key, object? value)
    {
        if (!_labels.TryGetValue(key, out List<(string, string)>? values))
        {
            _labels.Add(key, values = []);
            _order.Add(key);
        }

        values.Add((original, ExpositionText.OfLabel(value)));
    }

    /// <summary>Writes <c>key="value"</c> pairs, comma-separated, without braces.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="characterLimit">A label that would bring the characters of all keys and values over this is left out.</param>
    public void WriteTo(StringBuilder text, int characterLimit = int.MaxValue)
    {
        int characters = 0;
        string separator = "";
        foreach (string key in _order)
        {
            string value = string.Join(';', _labels[key].OrderBy(static label => label.Original, StringComparer.Ordinal).Select(static label => label.Value));
            int added = key.Length + value.EnumerateRunes().Count();
            if (added > characterLimit - characters)
            {
                continue;
            }

            characters += added;
            text.Append(separator).Append(key).Append("=\"").AppendEscaped(value, quotes: true).Append('"');
            separator = ",";
        }
    }
}
