using System.Reflection;
using Microsoft.Extensions.Options;

namespace Saccade.Api.Startup;

/// <summary>One configuration section: names that exist, values that convert, and whatever its validators demand of those that do.</summary>
/// <remarks>The framework's binder ignores misspelt names and throws at the first value that does not convert.</remarks>
internal sealed class SectionCheck<TOptions>(IConfigurationSection section, IEnumerable<IValidateOptions<TOptions>> validators) : IStartupCheck
    where TOptions : class, new()
{
    private static readonly PropertyInfo[] Settings = typeof(TOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <inheritdoc/>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        var readable = new List<KeyValuePair<string, string?>>();
        foreach (var given in section.GetChildren())
        {
            if (Unreadable(given) is { } mistake)
                mistakes.Add(mistake);
            else
                readable.AddRange(given.AsEnumerable());
        }

        var options = new TOptions();
        new ConfigurationBuilder().AddInMemoryCollection(readable).Build().GetSection(section.Path).Bind(options);
        foreach (var result in validators.Select(validator => validator.Validate(Options.DefaultName, options)))
            mistakes.AddRange((result.Failures ?? []).Select(WithKey));
        return mistakes;
    }

    private string? Unreadable(IConfigurationSection given)
    {
        var setting = Array.Find(Settings, s => string.Equals(s.Name, given.Key, StringComparison.OrdinalIgnoreCase));
        if (setting is null)
            return $"{given.Path} is not a setting; {section.Path} has {string.Join(", ", Settings.Select(s => s.Name))}.";

        try
        {
            _ = given.Get(setting.PropertyType);
            return null;
        }
        catch (InvalidOperationException)
        {
            return $"{given.Path} is '{given.Value}', which is not {Kind(setting.PropertyType)}.";
        }
    }

    private static string Kind(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum) return $"one of {string.Join(", ", Enum.GetNames(type))}";
        if (type == typeof(TimeSpan)) return "a time such as 00:00:30";
        if (type == typeof(bool)) return "true or false";
        return type == typeof(int) || type == typeof(long) ? "a whole number that fits" : $"a {type.Name}";
    }

    // The validators of annotations say "DataAnnotation validation failed for 'BatchingOptions' members: 'QueueCapacity' with the error: '…'.", the generated
    // ones "MaxBodyBytes: The field LimitsOptions.MaxBodyBytes must be …", whatever message the annotation has.
    private string WithKey(string failure)
    {
        const string wrapped = "with the error: '";
        if (failure.StartsWith("DataAnnotation", StringComparison.Ordinal) && failure.IndexOf(wrapped, StringComparison.Ordinal) is >= 0 and var inner)
            return failure[(inner + wrapped.Length)..^2];

        const string verbose = ": The field ";
        var setting = Array.Find(Settings, s => failure.StartsWith($"{s.Name}: ", StringComparison.Ordinal))?.Name;
        if (setting is null)
            return failure;

        var rest = failure[setting.Length..];
        return rest.StartsWith(verbose, StringComparison.Ordinal)
            ? $"{section.Path}:{setting}{rest[rest.IndexOf(' ', verbose.Length)..]}"
            : $"{section.Path}:{failure}";
    }
}
