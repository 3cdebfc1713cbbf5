using Microsoft.Extensions.Options;

namespace Saccade.Api.Configuration;

/// <summary>Registers options with their checks.</summary>
internal static class ConfigurationSetup
{
    /// <summary>Registers the options of one of the API's own sections.</summary>
    /// <remarks>
    /// The check runs before the start. The framework's <c>ValidateOnStart</c> would add nothing to it but an exception whenever a settings
    /// file turns wrong later on.
    /// </remarks>
    public static IServiceCollection AddValidatedOptions<TOptions>(this IServiceCollection services, string section)
        where TOptions : class, new()
    {
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations();
        return services.AddSectionCheck<TOptions>(section);
    }

    /// <summary>Has a section checked whose options are registered elsewhere.</summary>
    public static IServiceCollection AddSectionCheck<TOptions>(this IServiceCollection services, string section)
        where TOptions : class, new() =>
        services.AddSingleton<IStartupCheck>(provider => new SectionCheck<TOptions>(
            provider.GetRequiredService<IConfiguration>().GetSection(section),
            provider.GetServices<IValidateOptions<TOptions>>()
        ));
}
