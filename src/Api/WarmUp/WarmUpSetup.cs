using Saccade.Api.Configuration;

namespace Saccade.Api.WarmUp;

/// <summary>Has the HTTP side warmed up once the models are loaded, before the service says that it is ready.</summary>
internal static class WarmUpSetup
{
    public static IServiceCollection AddWarmUp(this IServiceCollection services) =>
        services
            .AddValidatedOptions<WarmUpOptions>(WarmUpOptions.Section)
            .AddSingleton<RequestPipeline>()
            .AddSingleton<IStartupFilter>(static provider => provider.GetRequiredService<RequestPipeline>())
            .AddSingleton<HttpWarmUp>()
            .AddSingleton<Saccade.Inference.Models.WarmUp>(static provider => provider.GetRequiredService<HttpWarmUp>().RunAsync);
}
