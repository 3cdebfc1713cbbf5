using System.Globalization;

namespace Saccade.Inference.Decoding;

/// <summary>
/// Sorts what libjpeg-turbo warns of in a file whose header needs no repair. Two warnings leave the image whole; any other means that
/// part of it was made up. Decision 19 goes through all of them.
/// </summary>
internal static class JpegWarnings
{
    /// <summary>More of what was left over than this is blocks that were lost on the way, and not an encoder's flush.</summary>
    private const int LongestRemainder = 32;

    /// <summary><see cref="JpegScans"/> has refused every order of scans but the harmless one: high coefficients before the mean.</summary>
    private const string ScanOrder = "Inconsistent progression sequence";

    private const string Remainder = " extraneous bytes before marker 0xd9";

    /// <summary>Whether every block of the image was decoded from data of its own.</summary>
    /// <param name="warning">The first warning, as the library words it.</param>
    /// <param name="jpeg">The file.</param>
    public static bool IsHarmless(string warning, ReadOnlySpan<byte> jpeg) =>
        warning.StartsWith(ScanOrder, StringComparison.Ordinal) || (RemainderLength(warning) is { } length && IsPadding(jpeg, length));

    /// <summary>Bytes that the last scan left before the end of the image; null when the warning is about something else.</summary>
    private static int? RemainderLength(string warning)
    {
        int end = warning.IndexOf(Remainder, StringComparison.Ordinal);
        int start = end < 0 ? -1 : warning.LastIndexOf(' ', end - 1) + 1;
        return start > 0 && int.TryParse(warning.AsSpan(start, end - start), CultureInfo.InvariantCulture, out int length) ? length : null;
    }

    /// <summary>A few bytes of anything, or any number of one byte.</summary>
    private static bool IsPadding(ReadOnlySpan<byte> jpeg, int length)
    {
        var segments = new JpegSegments(jpeg);
        while (segments.TryRead() && segments.Marker != JpegSegments.EndOfImage) { }

        ReadOnlySpan<byte> scan = segments.Gap.TrimEnd((byte)0xFF);
        return length <= LongestRemainder || (length <= scan.Length && !scan[^length..].ContainsAnyExcept(scan[^1]));
    }
}
