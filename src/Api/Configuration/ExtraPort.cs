using System.Globalization;

namespace Saccade.Api.Configuration;

/// <summary>A port beside those that HTTP is served on, on the same interfaces.</summary>
internal static class ExtraPort
{
    private const string Urls = "urls";
    private const string HttpPorts = "http_ports";
    private const string HttpsPorts = "https_ports";

    /// <summary>The port that a setting names.</summary>
    /// <returns>Null if it names none, or what is none: the section's own check tells.</returns>
    public static int? Read(IConfiguration configuration, string key) =>
        int.TryParse(configuration[key], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port is >= 1 and <= ushort.MaxValue
            ? port
            : null;

    /// <summary>The addresses of <c>Kestrel:Endpoints</c>, beside which other settings of addresses have no effect; empty if there are
    /// none.</summary>
    public static IReadOnlyList<BindingAddress> Endpoints(IConfiguration configuration) =>
        [
            .. Addresses(
                string.Join(';', configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(static endpoint => endpoint["Url"]))
            ),
        ];

    /// <summary>Adds a port to the addresses that the configuration names.</summary>
    /// <returns>Why it cannot be added; null if it was.</returns>
    public static string? Add(ConfigurationManager configuration, string key, int port)
    {
        var urls = configuration[Urls];
        var others = urls is { Length: > 0 }
            ? Addresses(urls).Select(address => address.Port.ToString(CultureInfo.InvariantCulture))
            : Parts($"{configuration[HttpPorts]};{configuration[HttpsPorts]}");
        if (others.Contains($"{port}", StringComparer.Ordinal))
            return $"{key} is {port}, where HTTP is served already.";

        if (urls is { Length: > 0 })
            configuration[Urls] = string.Join(
                ';',
                [urls, .. Addresses(urls).Select(address => address.Host).Distinct().Select(host => $"http://{host}:{port}")]
            );
        else
            configuration[HttpPorts] = $"{configuration[HttpPorts]};{port}";
        return null;
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
}
