using System.Buffers.Text;
using System.Text;

namespace Saccade.Bench.Load;

/// <summary>What a load generator needs to know of the head of an HTTP/1.1 response.</summary>
/// <param name="Length">Bytes of the head, the empty line included.</param>
/// <param name="Status">Status code.</param>
/// <param name="BodyLength">Declared length; null means chunked.</param>
/// <param name="Closes">Whether the server ends the connection after it.</param>
/// <param name="ServerTiming">That header's value.</param>
public sealed record ResponseHead(int Length, int Status, long? BodyLength, bool Closes, string? ServerTiming)
{
    private const int StatusAt = 9;

    /// <summary>Reads a head if all of it is there.</summary>
    /// <returns>Null while the empty line that ends it is missing.</returns>
    /// <exception cref="InvalidDataException">This is no HTTP/1.1 response, or one whose body ends with the connection.</exception>
    public static ResponseHead? TryParse(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return null;
        var lines = received[..end];
        if (!lines.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(lines[StatusAt..], out int status, out _))
            throw new InvalidDataException("Not an HTTP/1.1 response.");

        long? length = null;
        var (chunked, closes) = (false, false);
        string? timing = null;
        foreach (var range in lines.Split("\r\n"u8))
        {
            var line = lines[range];
            if (IsHeader(line, "content-length:"u8, out var value) && Utf8Parser.TryParse(value, out long declared, out _))
                length = declared;
            else if (IsHeader(line, "transfer-encoding:"u8, out value))
                chunked = Ascii.EqualsIgnoreCase(value, "chunked"u8);
            else if (IsHeader(line, "connection:"u8, out value))
                closes = Ascii.EqualsIgnoreCase(value, "close"u8);
            else if (IsHeader(line, "server-timing:"u8, out value))
                timing = Encoding.ASCII.GetString(value);
        }

        if (length is null && !chunked)
            throw new InvalidDataException("The response declares no length.");
        return new(end + 4, status, chunked ? null : length, closes, timing);
    }

    private static bool IsHeader(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var found = line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);
        value = found ? line[name.Length..].Trim((byte)' ') : default;
        return found;
    }
}
