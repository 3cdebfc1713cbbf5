using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Saccade.Client;

/// <summary>Registers the client.</summary>
public static class SaccadeClientServiceCollectionExtensions
{
    private const string Name = "Saccade";

    /// <summary>Adds one <see cref="SaccadeClient"/> for the whole program; to be called once.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">At least sets <see cref="SaccadeClientOptions.Address"/>. The options are checked when the host
    /// starts.</param>
    /// <returns>For further handlers, which run in each attempt.</returns>
    public static IHttpClientBuilder AddSaccadeClient(this IServiceCollection services, Action<SaccadeClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<SaccadeClientOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SaccadeClientOptions>, OptionsCheck>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new SaccadeClient(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name),
            OptionsOf(provider),
            provider.GetRequiredService<TimeProvider>()
        ));

        // The client lives as long as the program, so its handlers do too, and the connections are renewed below them.
        var builder = services
            .AddHttpClient(Name, static (provider, http) => HttpSetup.Configure(http, OptionsOf(provider)))
            .UseSocketsHttpHandler(static (handler, _) => HttpSetup.Configure(handler))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        builder.AddResilienceHandler(
            "retry",
            static (pipeline, context) =>
                RetryRule.AddTo(pipeline, OptionsOf(context.ServiceProvider), context.ServiceProvider.GetRequiredService<TimeProvider>())
        );
        return builder.AddHttpMessageHandler(static () => new AttemptHandler());
    }

    private static SaccadeClientOptions OptionsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<SaccadeClientOptions>>().Value;

    private sealed class OptionsCheck : IValidateOptions<SaccadeClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, SaccadeClientOptions options) =>
            options.Mistakes().ToList() is { Count: > 0 } mistakes ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
