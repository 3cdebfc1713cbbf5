using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Saccade.Api.Errors;

namespace Saccade.Api.Bodies;

/// <summary>An object with the image in base64 (RFC 4648 §4), alone or as a data URL (RFC 2397). Other members are ignored.</summary>
internal static class JsonImage
{
    public const string MemberName = "image";

    private static ReadOnlySpan<byte> DataUrl => "data:"u8;

    private static ReadOnlySpan<byte> InBase64 => ";base64"u8;

    private static readonly SearchValues<byte> Base64Alphabet = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8
    );

    /// <summary>Reads the object and decodes the image.</summary>
    public static async Task<ReceivedBody> ReadAsync(Stream body, long? length, CancellationToken cancellationToken)
    {
        using var json = await PooledBytes.ReadAsync(body, length, cancellationToken);
        try
        {
            return Parse(ByteOrderMark.Skip(json.Memory).Span);
        }
        catch (JsonException e)
        {
            return ReceivedBody.Refused(
                ApiFailure.MalformedBody,
                $"The JSON does not parse at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}."
            );
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for a string that is escaped into no valid text, such as half a surrogate pair.
            return ReceivedBody.Refused(ApiFailure.MalformedBody, "A string in the JSON is no valid Unicode.");
        }
    }

    private static ReceivedBody Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return ReceivedBody.Refused(ApiFailure.MalformedBody, $"The JSON must be an object, {{\"{MemberName}\":\"<base64>\"}}.");

        ReceivedBody? received = null;
        try
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isImage = reader.ValueTextEquals(MemberName);
                reader.Read();
                if (!isImage)
                    reader.Skip();
                else if (received is not null)
                    return ReceivedBody.Refused(ApiFailure.SeveralImages, $"The member '{MemberName}' is given twice.");
                else if (reader.TokenType != JsonTokenType.String)
                    return ReceivedBody.Refused(ApiFailure.MalformedBody, $"The member '{MemberName}' must be a string.");
                else
                    received = Decode(ref reader);
            }

            while (reader.Read())
            {
                // Nothing may follow the object; the reader throws if something does.
            }

            var result = received ?? ReceivedBody.Refused(ApiFailure.MissingImage, $"There is no member '{MemberName}'.");
            received = null;
            return result;
        }
        finally
        {
            received?.Dispose();
        }
    }

    private static ReceivedBody Decode(ref Utf8JsonReader reader)
    {
        // Some encoders write "/" as "\/", so the text has to be unescaped before it is base64.
        using var unescaped = reader.ValueIsEscaped ? Unescape(ref reader) : null;
        var text = unescaped is null ? reader.ValueSpan : unescaped.Memory.Span;
        if (text.StartsWith(DataUrl))
        {
            var comma = text.IndexOf((byte)',');
            if (comma < 0 || !text[..comma].EndsWith(InBase64))
                return ReceivedBody.Refused(ApiFailure.MalformedBody, $"The member '{MemberName}' is a data URL, but not in base64.");
            text = text[(comma + 1)..];
        }

        var wrong = text.IndexOfAnyExcept(Base64Alphabet);
        if (wrong >= 0)
        {
            var where = $"The member '{MemberName}' is no base64 at character {wrong + 1}.";
            return ReceivedBody.Refused(ApiFailure.MalformedBody, where);
        }

        var bytes = PooledBytes.Rent(Base64.GetMaxDecodedFromUtf8Length(text.Length));
        if (Base64.DecodeFromUtf8(text, bytes.Array, out _, out var written) == OperationStatus.Done)
        {
            bytes.Length = written;
            return ReceivedBody.Of(new ReceivedImage(FileName: null, bytes));
        }

        bytes.Dispose();
        return ReceivedBody.Refused(ApiFailure.MalformedBody, $"The member '{MemberName}' is no base64: wrong length or padding.");
    }

    private static PooledBytes Unescape(ref Utf8JsonReader reader)
    {
        var bytes = PooledBytes.Rent(reader.ValueSpan.Length);
        bytes.Length = reader.CopyString(bytes.Array);
        return bytes;
    }
}
