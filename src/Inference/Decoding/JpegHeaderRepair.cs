namespace Saccade.Inference.Decoding;

/// <summary>
/// Mends what writers get wrong in a JPEG file's markers and every reader passes over. libjpeg-turbo tells only the first of an image's
/// warnings, so one about such an oddity would hide the damage behind it; after the repair its warnings are about the image.
/// </summary>
internal static class JpegHeaderRepair
{
    /// <summary>Where an Adobe segment says how colours were transformed.</summary>
    public const int AdobeTransform = 11;

    private const int JfifMajorVersion = 5;

    /// <summary>First and last coefficient, and bits, as a sequential scan has them.</summary>
    private static ReadOnlySpan<byte> SequentialFields => [0, 63, 0];

    public static bool IsAdobe(ReadOnlySpan<byte> app14) => app14.Length > AdobeTransform && app14.StartsWith("Adobe"u8);

    /// <summary>What readers assume where an Adobe segment names no transform that exists: YCbCr, or YCCK for four components.</summary>
    public static byte Transform(int components) => components == 4 ? (byte)2 : (byte)1;

    /// <summary>Whether a segment says what a decoder would warn of; an Adobe segment is judged by <see cref="Transform"/>.</summary>
    public static bool IsOdd(byte marker, ReadOnlySpan<byte> segment, bool progressive) =>
        marker switch
        {
            JpegSegments.App0 => IsJfif(segment) && segment[JfifMajorVersion] != 1,
            JpegSegments.StartOfScan => !progressive && !segment.EndsWith(SequentialFields),
            _ => false,
        };

    /// <summary>
    /// Copies a file without bytes that belong to no segment, with version 1 of JFIF, a colour transform that exists, and
    /// sequential scans over all coefficients.
    /// </summary>
    /// <param name="jpeg">The whole file.</param>
    /// <param name="header">What was read of it.</param>
    public static ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> jpeg, ImageHeader header)
    {
        var repaired = new byte[jpeg.Length];
        jpeg[..2].CopyTo(repaired);
        int length = 2;
        var segments = new JpegSegments(jpeg);
        while (segments.TryRead())
        {
            if (segments.FollowsScan)
            {
                segments.Gap.CopyTo(repaired.AsSpan(length));
                length += segments.Gap.Length;
            }

            repaired[length] = 0xFF;
            repaired[length + 1] = segments.Marker;
            length += 2;
            if (segments.Marker == JpegSegments.EndOfImage)
            {
                break;
            }

            int start = length + 2;
            jpeg[(segments.DataStart - 2)..(segments.DataStart + segments.Data.Length)].CopyTo(repaired.AsSpan(length));
            length = start + segments.Data.Length;
            Mend(segments.Marker, repaired.AsSpan(start, segments.Data.Length), header);
        }

        return repaired.AsSpan(0, length);
    }

    private static void Mend(byte marker, Span<byte> segment, ImageHeader header)
    {
        switch (marker)
        {
            case JpegSegments.App0 when IsJfif(segment):
                segment[JfifMajorVersion] = 1;
                break;
            case JpegSegments.App14 when IsAdobe(segment) && segment[AdobeTransform] != 0:
                segment[AdobeTransform] = Transform(header.Components);
                break;
            case JpegSegments.StartOfScan when !header.Progressive:
                SequentialFields.CopyTo(segment[^SequentialFields.Length..]);
                break;
        }
    }

    private static bool IsJfif(ReadOnlySpan<byte> app0) => app0.Length >= 14 && app0.StartsWith("JFIF\0"u8);
}
