using System.Globalization;
using System.Text;

namespace Saccade.Bench.Load;

/// <summary>A POST as the bytes that go over the wire, written once and sent many times: sending costs the generator next to
/// nothing.</summary>
public sealed class WireRequest
{
    private WireRequest(Uri address, byte[] bytes)
    {
        Address = address;
        Bytes = bytes;
    }

    /// <summary>Whose host and port it goes to.</summary>
    public Uri Address { get; }

    /// <summary>Head and body.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A POST of a body.</summary>
    /// <param name="address">Absolute, <c>http</c>.</param>
    /// <param name="body">Sent with its length.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="headers">Others.</param>
    public static WireRequest Post(Uri address, ReadOnlySpan<byte> body, string contentType, params (string Name, string Value)[] headers)
    {
        ArgumentNullException.ThrowIfNull(address);
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"POST {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Type: {contentType}\r\nContent-Length: {body.Length}\r\n");
        foreach (var (name, value) in headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return new(address, [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body]);
    }
}
