using Microsoft.AspNetCore.Server.Kestrel.Core;
using Saccade.Api.Configuration;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>Opens the port of <see cref="GrpcOptions.Port"/>. Without TLS a connection cannot agree on HTTP/2, so it takes a port that
/// speaks nothing else.</summary>
internal static class GrpcPort
{
    private const string Key = $"{GrpcOptions.Section}:{nameof(GrpcOptions.Port)}";

    /// <summary>Adds the port to the addresses that the configuration names; to be called once these are complete.</summary>
    public static WebApplicationBuilder UseGrpcPort(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<GrpcOptions>(GrpcOptions.Section);
        var configuration = builder.Configuration;
        if (ExtraPort.Read(configuration, Key) is not { } port)
            return builder;

        var mistake = configuration.GetSection("Kestrel:Endpoints").Exists()
            ? $"{Key} has no effect beside Kestrel:Endpoints; name an endpoint there, with Protocols Http2."
            : ExtraPort.Add(configuration, Key, port);
        if (mistake is not null)
        {
            builder.Services.AddSingleton<IStartupCheck>(new SettingMistake(mistake));
            return builder;
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ConfigureEndpointDefaults(endpoint =>
            {
                if (endpoint.IPEndPoint?.Port == port)
                    endpoint.Protocols = HttpProtocols.Http2;
            })
        );
        return builder;
    }
}
