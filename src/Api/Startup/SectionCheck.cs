using System.Reflection;
using Microsoft.Extensions.Options;

namespace Saccade.Api.Startup;

/// <summary>One configuration section: names that exist, values that convert, and then whatever its validators demand.</summary>
/// <remarks>The framework's binder ignores misspelt names and throws at the first value that does not convert.</remarks>
internal sealed class SectionCheck<TOptions>(IConfigurationSection section, IServiceProvider services) : IStartupCheck
    where TOptions : class
{
    private static readonly PropertyInfo[] Settings = typeof(TOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <inheritdoc/>
    public IReadOnlyList<string> Mistakes()
    {
        List<string> unreadable = [.. section.GetChildren().Select(Unreadable).OfType<string>()];
        if (unreadable.Count > 0)
            return unreadable;

        try
        {
            _ = services.GetRequiredService<IOptions<TOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException invalid)
        {
            return [.. invalid.Failures];
        }
    }

    private static string? Unreadable(IConfigurationSection given)
    {
        var setting = Array.Find(Settings, s => string.Equals(s.Name, given.Key, StringComparison.OrdinalIgnoreCase));
        if (setting is null)
            return $"{given.Path} is not a setting; there are {string.Join(", ", Settings.Select(s => s.Name))}.";

        try
        {
            _ = given.Get(setting.PropertyType);
            return null;
        }
        catch (InvalidOperationException)
        {
            return $"{given.Path} is '{given.Value}', which is not a {setting.PropertyType.Name}.";
        }
    }
}
