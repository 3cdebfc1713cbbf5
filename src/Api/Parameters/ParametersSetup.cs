using Saccade.Api.Configuration;

namespace Saccade.Api.Parameters;

/// <summary>Registers what reads parameters.</summary>
internal static class ParametersSetup
{
    public static IServiceCollection AddParameters(this IServiceCollection services) =>
        services.AddValidatedOptions<RequestsOptions>(RequestsOptions.Section).AddSingleton<RequestDeadline>();
}
