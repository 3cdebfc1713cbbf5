using System.Runtime.InteropServices;

namespace Saccade.Inference.Decoding;

/// <summary>The few functions of libjpeg-turbo's TurboJPEG 2 interface (kept by version 3) that decoding needs, where the library is
/// installed.</summary>
internal sealed unsafe class TurboJpeg
{
    private const int PixelFormatRgb = 0;
    private const int PixelFormatCmyk = 11;
    private const int LimitScans = 1 << 15;
    private const int SeverityWarning = 0;

    private static readonly string[] LibraryNames =
        OperatingSystem.IsWindows() ? ["turbojpeg.dll", "libturbojpeg.dll"]
        : OperatingSystem.IsMacOS() ? ["libturbojpeg.dylib", "/opt/homebrew/lib/libturbojpeg.dylib"]
        : ["libturbojpeg.so.0"];

    private readonly delegate* unmanaged<nint> _initDecompress;
    private readonly delegate* unmanaged<nint, byte*, CULong, byte*, int, int, int, int, int, int> _decompress;
    private readonly delegate* unmanaged<nint, byte*> _errorText;
    private readonly delegate* unmanaged<nint, int> _errorCode;
    private readonly delegate* unmanaged<nint, int> _destroy;

    private TurboJpeg(nint library)
    {
        _initDecompress = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "tjInitDecompress");
        _decompress = (delegate* unmanaged<nint, byte*, CULong, byte*, int, int, int, int, int, int>)
            NativeLibrary.GetExport(library, "tjDecompress2");
        _errorText = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "tjGetErrorStr2");
        _errorCode = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "tjGetErrorCode");
        _destroy = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "tjDestroy");
    }

    /// <summary>Loads the library.</summary>
    /// <returns>Null where it is missing or too old (before 2.0).</returns>
    public static TurboJpeg? TryLoad()
    {
        foreach (string name in LibraryNames)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                try
                {
                    return new TurboJpeg(library);
                }
                catch (EntryPointNotFoundException)
                {
                    NativeLibrary.Free(library);
                }
            }
        }

        return null;
    }

    /// <summary>Decodes an image.</summary>
    /// <param name="jpeg">The whole file, without the oddities that <see cref="JpegHeaderRepair"/> mends.</param>
    /// <param name="pixels">Receives <paramref name="width"/> × <paramref name="height"/> pixels of 3 bytes, or 4 for CMYK.</param>
    /// <param name="width">Columns: the frame's, or that divided by 2, 4 or 8 and rounded up.</param>
    /// <param name="height">Rows, divided alike.</param>
    /// <param name="cmyk">The frame has four components; they come as they are stored.</param>
    /// <returns>Null, or what the library said was wrong.</returns>
    public string? Decode(ReadOnlySpan<byte> jpeg, Span<byte> pixels, int width, int height, bool cmyk)
    {
        int pixelSize = cmyk ? 4 : 3;
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels.Length, checked(width * height * pixelSize), nameof(pixels));

        // A handle keeps the tables of the last file for files that bring none, so one handle for two requests would let a
        // image be decoded with a stranger's tables. Making one takes about a microsecond.
        nint handle = _initDecompress();
        if (handle == 0)
        {
            return "libjpeg-turbo has no memory.";
        }

        try
        {
            int status;
            fixed (byte* source = jpeg)
            fixed (byte* destination = pixels)
            {
                int format = cmyk ? PixelFormatCmyk : PixelFormatRgb;
                status = _decompress(
                    handle,
                    source,
                    new CULong((nuint)jpeg.Length),
                    destination,
                    width,
                    width * pixelSize,
                    height,
                    format,
                    LimitScans
                );
            }

            if (status == 0)
            {
                return null;
            }

            string text = Marshal.PtrToStringUTF8((nint)_errorText(handle)) ?? "unknown error";
            return _errorCode(handle) == SeverityWarning && JpegWarnings.IsHarmless(text, jpeg) ? null : text;
        }
        finally
        {
            _ = _destroy(handle);
        }
    }
}
