using System.CommandLine;
using System.Text.Json;

namespace Saccade.Training;

/// <summary>The names an enumeration has in JSON, so that the command line and run.json speak alike.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    /// <summary>In declaration order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [.. Enum.GetValues<T>().Select(value => JsonSerializer.SerializeToElement(value).GetString()!)];

    /// <summary>The value of a name, or null if there is none of that name.</summary>
    public static T? TryParse(string name) =>
        Enum.GetValues<T>()
            .Zip(All)
            .Where(pair => string.Equals(pair.Second, name, StringComparison.Ordinal))
            .Select(pair => (T?)pair.First)
            .SingleOrDefault();

    /// <summary>The name of a value.</summary>
    public static string NameOf(T value) => All[Array.IndexOf(Enum.GetValues<T>(), value)];

    /// <summary>An option that takes one of the names, or is left out.</summary>
    public static Option<T?> Option(string name, string description) =>
        new(name)
        {
            Description = $"{description}: {string.Join(", ", All)}.",
            HelpName = string.Join('|', All),
            CustomParser = result =>
            {
                if (TryParse(result.Tokens[0].Value) is { } value)
                    return value;
                result.AddError($"{name} must be one of {string.Join(", ", All)}, not '{result.Tokens[0].Value}'.");
                return null;
            },
        };
}
