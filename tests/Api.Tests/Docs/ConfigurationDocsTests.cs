using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Saccade.Api.Configuration;
using Saccade.Api.Tests.Support;

namespace Saccade.Api.Tests.Docs;

/// <summary>docs/configuration.md has a row for every setting, with the default that the code has, and no other rows.</summary>
[Collection(SharedServiceTests.Name)]
public sealed partial class ConfigurationDocsTests(SharedService shared)
{
    [Fact]
    public void Page_EverySetting_HasARowWithItsDefault()
    {
        var documented = Rows();
        var settings = Settings();
        Assert.True(settings.Count > 15, "The sections were not found.");
        Assert.Equal(settings.Keys.Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
        Assert.All(settings, setting => Assert.Equal((setting.Key, setting.Value), (setting.Key, documented[setting.Key])));
    }

    // Every section that is checked at start-up: a section that nobody checks would be a mistake of its own.
    private Dictionary<string, string> Settings()
    {
        var sections = shared
            .Service.Services.GetServices<IStartupCheck>()
            .Select(check => check.GetType())
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(SectionCheck<>))
            .Select(type => type.GetGenericArguments()[0]);
        return (
            from options in sections
            let defaults = Activator.CreateInstance(options)
            let section = (string)options.GetField("Section", BindingFlags.Public | BindingFlags.Static)!.GetRawConstantValue()!
            from setting in options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            select ($"{section}:{setting.Name}", Text(setting.GetValue(defaults)))
        ).ToDictionary();
    }

    private static string Text(object? value) =>
        value switch
        {
            null => "none",
            bool yes => yes ? "true" : "false",
            TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
            string text => text,
            System.Collections.IEnumerable => "empty",
            IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };

    private static Dictionary<string, string> Rows() =>
        Row()
            .Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "configuration.md")))
            .ToDictionary(row => row.Groups["key"].Value, row => row.Groups["default"].Value, StringComparer.Ordinal);

    [GeneratedRegex(
        @"^\| `(?<key>[A-Z]\w+:\w+)` \| `(?<default>[^`]*)` \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Row();
}
