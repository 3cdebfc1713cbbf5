using Saccade.Api.Configuration;

namespace Saccade.Api.Admin;

/// <summary>Registers the door to what changes the service.</summary>
internal static class AdminSetup
{
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddValidatedOptions<AdminOptions>(AdminOptions.Section);
        return services.AddSingleton<AdminGate>();
    }
}
