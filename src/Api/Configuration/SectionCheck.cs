using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Saccade.Api.Configuration;

/// <summary>One configuration section: names that exist, values that convert, and whatever its validators demand of those that
/// do.</summary>
/// <remarks>The framework's binder ignores misspelt names and throws at the first value that does not convert.</remarks>
internal sealed class SectionCheck<TOptions>(IConfigurationSection section, IEnumerable<IValidateOptions<TOptions>> validators)
    : IStartupCheck
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
        mistakes.AddRange(OfAnnotations(options));
        mistakes.AddRange(
            validators
                .Where(validator => validator is not DataAnnotationValidateOptions<TOptions>)
                .SelectMany(validator => validator.Validate(Options.DefaultName, options).Failures ?? [])
        );
        return mistakes;
    }

    // Here rather than by the framework's validator, which tells a setting by its property and class, where an operator looks for its key.
    private IEnumerable<string> OfAnnotations(TOptions options)
    {
        var results = new List<ValidationResult>();
        foreach (var setting in Settings)
        {
            var context = new ValidationContext(options) { MemberName = setting.Name, DisplayName = $"{section.Path}:{setting.Name}" };
            Validator.TryValidateProperty(setting.GetValue(options), context, results);
        }

        if (options is IValidatableObject rules)
            results.AddRange(rules.Validate(new ValidationContext(options)));
        return results.Select(result => result.ErrorMessage ?? $"{section.Path} is not valid.");
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
        if (type.IsEnum)
            return $"one of {string.Join(", ", Enum.GetNames(type))}";
        if (type == typeof(TimeSpan))
            return "a time such as 00:00:30";
        if (type == typeof(bool))
            return "true or false";
        return type == typeof(int) || type == typeof(long) ? "a whole number that fits" : $"a {type.Name}";
    }
}
