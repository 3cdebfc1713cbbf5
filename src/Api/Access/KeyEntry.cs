using System.Buffers;

namespace Saccade.Api.Access;

/// <summary>One key as it is configured: by its hash, so that who reads the configuration cannot use it.</summary>
internal sealed class KeyEntry
{
    private const int LongestName = 64;
    private const int HashLength = 64;

    private static readonly SearchValues<char> OfNames = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
    );

    /// <summary>Whose key it is: letters, digits, dots, underscores and hyphens, at most 64. Stands in the log.</summary>
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of the key's UTF-8 bytes, 64 hexadecimal digits.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>What it allows.</summary>
    public KeyRole Role { get; set; }

    /// <summary>Requests a second in the long run.</summary>
    /// <value>None: as many as <c>RateLimits:PerKey</c> says.</value>
    public double? RequestsPerSecond { get; set; }

    /// <summary>Requests that may come at once after a pause.</summary>
    /// <value>None: as many as in a second, at least 1.</value>
    public int? Burst { get; set; }

    /// <summary>Everything that is wrong with it, one sentence each; never with its hash.</summary>
    /// <param name="where">What to call it before it has a name.</param>
    public IEnumerable<string> Mistakes(string where)
    {
        if (Name.Length is 0 or > LongestName || Name.AsSpan().ContainsAnyExcept(OfNames))
            yield return $"{where} needs a name of 1 to {LongestName} letters, digits, dots, underscores or hyphens.";
        if (Sha256.Length != HashLength || !Sha256.All(char.IsAsciiHexDigit))
            yield return $"{where} needs in Sha256 the {HashLength} hexadecimal digits of its key's hash.";
        if (!Enum.IsDefined(Role))
            yield return $"{where} has a role that is not one of {string.Join(", ", Enum.GetNames<KeyRole>())}.";
        foreach (var mistake in RateLimit.Mistakes($"{where} RequestsPerSecond", RequestsPerSecond, $"{where} Burst", Burst))
            yield return mistake;
    }

    /// <summary>Everything that is wrong with several, each and together.</summary>
    public static IEnumerable<string> Mistakes(IReadOnlyList<KeyEntry> entries, string where) =>
        entries
            .SelectMany((entry, index) => entry.Mistakes($"{where}:{index}"))
            .Concat(Repeated(entries.Select(static entry => entry.Name)).Select(name => $"{where} has several keys named '{name}'."))
            .Concat(
                Repeated(entries.Select(static entry => entry.Sha256)).Select(_ => $"{where} has the same key under several names.").Take(1)
            );

    private static IEnumerable<string> Repeated(IEnumerable<string> texts) =>
        texts
            .Where(static text => text.Length > 0)
            .GroupBy(static text => text, StringComparer.OrdinalIgnoreCase)
            .Where(static same => same.Skip(1).Any())
            .Select(static same => same.Key);
}
