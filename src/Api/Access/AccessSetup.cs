using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Saccade.Api.Configuration;
using Saccade.Api.Errors;

namespace Saccade.Api.Access;

/// <summary>Who may do what: keys, and a port for operators.</summary>
internal static class AccessSetup
{
    /// <summary>Registers keys. Where none is configured, nothing looks for one, and a request costs what it did without them.</summary>
    public static IServiceCollection AddKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<AdminOptions>(AdminOptions.Section);
        services.AddValidatedOptions<KeysOptions>(KeysOptions.Section);
        services.AddValidatedOptions<CorsOptions>(CorsOptions.Section).AddCors();
        var demand = KeyDemand.Of(configuration);
        services.AddSingleton(demand);
        if (!demand.ToAdminister)
            return services;

        services.AddSingleton<KeyRing>();
        // Not AddAuthentication, which adds data protection too: keys on disk for cookies that nobody sends.
        services
            .AddAuthenticationCore(static authentication => authentication.DefaultScheme = KeyAuthentication.SchemeName)
            .AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(
            KeyAuthentication.SchemeName,
            configureOptions: null
        );
        services
            .AddAuthorizationBuilder()
            .AddPolicy(nameof(KeyRole.Classify), static policy => policy.RequireAuthenticatedUser())
            .AddPolicy(nameof(KeyRole.Admin), static policy => policy.RequireRole(nameof(KeyRole.Admin)));
        if (configuration[$"{KeysOptions.Section}:{nameof(KeysOptions.File)}"] is { Length: > 0 } path)
        {
            services.AddSingleton<IStartupCheck>(new KeyFileCheck(path));
            services.AddHostedService(provider => new KeyFileWatch(
                provider.GetRequiredService<KeyRing>(),
                path,
                provider.GetRequiredService<TimeProvider>()
            ));
        }

        return services;
    }

    /// <summary>Who asks, how much they may ask for, and whether they may: in this order, so that guesses at keys are limited
    /// too.</summary>
    public static void UseAccess(this WebApplication app)
    {
        // First: a browser asks without the key whether it may ask with it.
        CorsOptions.Use(app);
        var asks = app.Services.GetRequiredService<KeyDemand>().ToAdminister;
        if (asks)
            app.UseAuthentication();
        app.UseRateLimiter();
        if (asks)
            app.UseAuthorization();
    }

    /// <summary>Lets only callers with a key of this role use the endpoints, as far as keys are asked for.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder endpoints, KeyRole role)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint => endpoint.RequireRole(role));
        return endpoints;
    }

    /// <summary>Lets only callers with a key of this role use the endpoint, as far as keys are asked for.</summary>
    public static void RequireRole(this EndpointBuilder endpoint, KeyRole role)
    {
        var demand = endpoint.ApplicationServices.GetRequiredService<KeyDemand>();
        endpoint.Metadata.Add(new RequiredRole(role));
        if (role == KeyRole.Admin)
            endpoint.Metadata.Add(OperatorOnly.Instance);

        if (role == KeyRole.Admin ? demand.ToAdminister : demand.ToClassify)
            endpoint.Metadata.Add(new AuthorizeAttribute(role.ToString()));
        else if (role == KeyRole.Admin)
            endpoint.FilterFactories.Add(static (_, _) => static _ => new(new RefusalResult(AdminOff.Refusal)));
    }
}
