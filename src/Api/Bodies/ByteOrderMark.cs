namespace Saccade.Api.Bodies;

/// <summary>What some encoders put before JSON, though it means nothing in UTF-8. RFC 8259 §8.1 lets parsers pass over it.</summary>
internal static class ByteOrderMark
{
    private static ReadOnlySpan<byte> Utf8 => [0xEF, 0xBB, 0xBF];

    /// <summary>The text behind the mark, if there is one.</summary>
    public static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> text) => text.Span.StartsWith(Utf8) ? text[Utf8.Length..] : text;
}
