using System.Globalization;
using Microsoft.Extensions.Primitives;
using Saccade.Inference.Bundles;

namespace Saccade.Api.Requests;

/// <summary>Reads query parameters and collects what is wrong with each, so that a client hears about all of them at once.</summary>
internal sealed class QueryReader(IQueryCollection query)
{
    private readonly Dictionary<string, string> _errors = [];

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

    private string? Single(string name, StringValues values)
    {
        if (values.Count > 1)
            _errors[name] = $"{name} is given {values.Count} times.";
        return values.Count == 1 ? values[0] : null;
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : $"{text.AsSpan(0, 40)}…";
}
