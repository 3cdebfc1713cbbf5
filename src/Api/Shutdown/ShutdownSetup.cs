using Saccade.Api.Configuration;

namespace Saccade.Api.Shutdown;

/// <summary>Registers the graceful stop.</summary>
internal static class ShutdownSetup
{
    public static IServiceCollection AddGracefulShutdown(this IServiceCollection services)
    {
        services.AddValidatedOptions<ShutdownOptions>(ShutdownOptions.Section);
        return services.AddSingleton<DrainGate>().AddHostedService<GracefulShutdown>();
    }
}
