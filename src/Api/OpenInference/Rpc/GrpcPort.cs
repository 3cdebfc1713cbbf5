using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Saccade.Api.Configuration;

namespace Saccade.Api.OpenInference.Rpc;

/// <summary>Opens the port of <see cref="GrpcOptions.Port"/>. Without TLS a connection cannot agree on HTTP/2, so it takes a port that
/// speaks nothing else.</summary>
internal static class GrpcPort
{
    private const string Key = $"{GrpcOptions.Section}:{nameof(GrpcOptions.Port)}";
    private const string Urls = "urls";
    private const string HttpPorts = "http_ports";
    private const string HttpsPorts = "https_ports";

    /// <summary>Adds the port to the addresses that the configuration names; to be called once these are complete.</summary>
    public static WebApplicationBuilder UseGrpcPort(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<GrpcOptions>(GrpcOptions.Section);
        var configuration = builder.Configuration;
        // What is no port is told by the section's own check.
        if (
            !int.TryParse(configuration[Key], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > ushort.MaxValue
        )
            return builder;
        if (Mistake(configuration, port) is { } mistake)
        {
            builder.Services.AddSingleton<IStartupCheck>(new GrpcPortCheck(mistake));
            return builder;
        }

        if (configuration[Urls] is { Length: > 0 } urls)
            configuration[Urls] = string.Join(
                ';',
                [urls, .. Addresses(urls).Select(address => address.Host).Distinct().Select(host => $"http://{host}:{port}")]
            );
        else
            configuration[HttpPorts] = $"{configuration[HttpPorts]};{port}";
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ConfigureEndpointDefaults(endpoint =>
            {
                if (endpoint.IPEndPoint?.Port == port)
                    endpoint.Protocols = HttpProtocols.Http2;
            })
        );
        return builder;
    }

    private static string? Mistake(ConfigurationManager configuration, int port)
    {
        if (configuration.GetSection("Kestrel:Endpoints").Exists())
            return $"{Key} has no effect beside Kestrel:Endpoints; name an endpoint there, with Protocols Http2.";
        var others = configuration[Urls] is { Length: > 0 } urls
            ? Addresses(urls).Select(address => address.Port.ToString(CultureInfo.InvariantCulture))
            : Parts($"{configuration[HttpPorts]};{configuration[HttpsPorts]}");
        return others.Contains($"{port}", StringComparer.Ordinal) ? $"{Key} is {port}, where HTTP is served already." : null;
    }

    /// <summary>Those with a host and a port; neither sockets and pipes nor what is no address, which has a check of its own.</summary>
    private static IEnumerable<BindingAddress> Addresses(string urls)
    {
        foreach (var url in Parts(urls))
        {
            BindingAddress address;
            try
            {
                address = BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                continue;
            }

            if (!address.IsUnixPipe && !address.IsNamedPipe)
                yield return address;
        }
    }

    private static string[] Parts(string list) => list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private sealed class GrpcPortCheck(string mistake) : IStartupCheck
    {
        public IReadOnlyList<string> Mistakes() => [mistake];
    }
}
