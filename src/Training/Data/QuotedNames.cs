namespace Saccade.Training.Data;

/// <summary>Names in a sentence.</summary>
internal static class QuotedNames
{
    private const int Most = 10;

    /// <summary>As in "'cat', 'dog' and 12 more".</summary>
    public static string Of(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(Most).Select(name => $"'{name}'")) + (names.Count > Most ? $" and {names.Count - Most} more" : "");
}
