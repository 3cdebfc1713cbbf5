using Microsoft.AspNetCore.Connections;

namespace Saccade.Api.Startup;

/// <summary>Where the service listens, and how it receives.</summary>
internal static class ServerSetup
{
    public const string DefaultUrl = "http://localhost:8080";

    // The settings by which ASP.NET Core can be told where to listen.
    private static readonly string[] AddressKeys = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    /// <summary>Listens on <see cref="DefaultUrl"/> unless the configuration says otherwise.</summary>
    public static WebApplicationBuilder UseDefaultAddress(this WebApplicationBuilder builder)
    {
        if (!AddressKeys.Any(key => builder.Configuration.GetSection(key).Exists()))
            builder.WebHost.UseUrls(DefaultUrl);
        return builder;
    }

    /// <summary>Receives images in few large blocks.</summary>
    public static IServiceCollection AddReceiveBlocks(this IServiceCollection services) =>
        services.AddSingleton<IMemoryPoolFactory<byte>, ReceiveBlocks>();
}
