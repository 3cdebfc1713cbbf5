using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Saccade.Api.Tests.Support;

/// <summary>A connection for what no HTTP client would do: stop half way, hang up, lie about lengths.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new();

    private RawConnection() { }

    public static async Task<RawConnection> OpenAsync(Service service)
    {
        var address = service
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.First();
        var connection = new RawConnection();
        await connection._client.ConnectAsync(IPAddress.Loopback, new Uri(address).Port).Guarded();
        return connection;
    }

    public Task SendAsync(string text) => _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask().Guarded();

    public Task SendAsync(byte[] bytes) => _client.GetStream().WriteAsync(bytes).AsTask().Guarded();

    /// <summary>Reads the status line and the headers.</summary>
    public Task<string> ReadHeadAsync() => ReadToAsync("\r\n\r\n");

    /// <summary>Reads to the first occurrence of a text, and no further.</summary>
    public async Task<string> ReadToAsync(string end)
    {
        var read = new StringBuilder();
        var one = new byte[1];
        while (!read.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            if (await _client.GetStream().ReadAsync(one).AsTask().Guarded() == 0)
                throw new IOException($"The connection ended after: {read}");
            read.Append((char)one[0]);
        }

        return read.ToString();
    }

    /// <summary>Hangs up without a goodbye.</summary>
    public void Dispose()
    {
        _client.LingerState = new LingerOption(enable: true, seconds: 0);
        _client.Dispose();
    }
}
