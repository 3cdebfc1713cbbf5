using Saccade.Api.Startup;

namespace Saccade.Api.Shutdown;

/// <summary>Registers the graceful stop.</summary>
internal static class ShutdownSetup
{
    public static IServiceCollection AddGracefulShutdown(this IServiceCollection services)
    {
        services.AddValidatedOptions<ShutdownOptions, ShutdownOptionsValidator>(ShutdownOptions.Section);
        return services.AddSingleton<DrainGate>().AddHostedService<GracefulShutdown>();
    }
}
