using System.Globalization;
using Microsoft.Extensions.Primitives;
using Saccade.Inference.Bundles;

namespace Saccade.Api.Parameters;

/// <summary>Reads query parameters and collects what is wrong with each, so that a client hears about all of them at once.</summary>
internal sealed class QueryReader(IQueryCollection query)
{
    // An edit more would find words that have nothing to do with each other.
    private const int MostEdits = 2;

    private readonly Dictionary<string, string> _errors = [];
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong, by parameter.</summary>
    public IReadOnlyDictionary<string, string> Errors => _errors;

    /// <summary>A name: null if absent.</summary>
    public string? Text(string name, int maxLength)
    {
        if (Single(name, query[name]) is not { } text)
            return null;

        if (text.Length is 0 || text.Length > maxLength)
            _errors[name] = $"{name} must have 1 to {maxLength} characters; it has {text.Length}.";
        return text;
    }

    /// <summary>A whole number of <paramref name="min"/> to <paramref name="max"/>: null if absent.</summary>
    public int? Integer(string name, int min, int max) => Integer(name, query[name], min, max);

    /// <summary>The same for a value from elsewhere, such as a header.</summary>
    public int? Integer(string name, StringValues values, int min, int max)
    {
        if (Single(name, values) is not { } text)
            return null;

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;

        _errors[name] = $"{name} must be a whole number from {min} to {max}; it is '{Shorten(text)}'.";
        return null;
    }

    /// <summary>Whether it has the only value it can have; false if absent.</summary>
    public bool Is(string name, string only)
    {
        if (Single(name, query[name]) is not { } text)
            return false;

        if (text != only)
            _errors[name] = $"{name} must be {only}; it is '{Shorten(text)}'.";
        return text == only;
    }

    /// <summary><c>true</c> or <c>false</c>: null if absent.</summary>
    public bool? Flag(string name)
    {
        switch (Single(name, query[name]))
        {
            case null:
                return null;
            case "true":
                return true;
            case "false":
                return false;
            case var text:
                _errors[name] = $"{name} must be true or false; it is '{Shorten(text)}'.";
                return null;
        }
    }

    /// <summary>One of <paramref name="known"/>: null if absent.</summary>
    public CropMode? Crops(string name, IReadOnlyList<CropMode> known)
    {
        if (Single(name, query[name]) is not { } text)
            return null;

        if (CropMode.TryParse(text, out var mode) && known.Contains(mode))
            return mode;

        _errors[name] = $"{name} must be one of {string.Join(", ", known)}; it is '{Shorten(text)}'.";
        return null;
    }

    /// <summary>Finds the parameters that nothing has asked for; to be called last.</summary>
    public void RefuseOthers()
    {
        foreach (var name in query.Keys.Where(name => !_known.Contains(name)))
        {
            var nearest = _known.MinBy(known => Edits(name, known));
            var hint = nearest is not null && Edits(name, nearest) <= MostEdits ? $" Did you mean {nearest}?" : "";
            _errors[name] = $"There is no parameter '{Shorten(name)}'.{hint}";
        }
    }

    private string? Single(string name, StringValues values)
    {
        _known.Add(name);
        if (values.Count > 1)
            _errors[name] = $"{name} is given {values.Count} times.";
        if (values is not [{ } value])
            return null;

        // The framework's number parsers pass over trailing zero characters.
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            _errors[name] = $"{name} must not hold a zero character.";
            return null;
        }

        return value;
    }

    // Levenshtein's distance, ignoring case.
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : $"{text.AsSpan(0, 40)}…";
}
