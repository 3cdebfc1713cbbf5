using Saccade.Inference.Models;

namespace Saccade.Api.Rehearsals;

/// <summary>Has the HTTP side rehearsed once the models are loaded, before the service says that it is ready.</summary>
internal static class RehearsalSetup
{
    public static IServiceCollection AddRehearsal(this IServiceCollection services) => services
        .AddSingleton<RequestPipeline>()
        .AddSingleton<IStartupFilter>(static provider => provider.GetRequiredService<RequestPipeline>())
        .AddSingleton<HttpRehearsal>()
        .AddSingleton<WarmUp>(static provider => provider.GetRequiredService<HttpRehearsal>().RunAsync);
}
