using System.Runtime.InteropServices;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>The functions of libturbojpeg that are called (the API of version 2, which version 3 keeps).</summary>
internal static unsafe partial class TurboJpeg
{
    public const int Rgb = 0;
    public const int Grey = 6;
    public const int Cmyk = 11;

    /// <summary>Refuse a progressive file of more than 500 scans: a few kilobytes could take minutes.</summary>
    public const int LimitScans = 1 << 15;

    private const string Library = "libturbojpeg.so.0";

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    public static partial nint InitDecompress();

    [LibraryImport(Library, EntryPoint = "tjInitCompress")]
    public static partial nint InitCompress();

    /// <summary>Never writes past <paramref name="height"/> rows of <paramref name="pitch"/> bytes: it fails where the file's picture is larger.</summary>
    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    public static partial int Decompress(
        nint handle, byte* file, CULong length, byte* pixels, int width, int pitch, int height, int pixelFormat, int flags);

    [LibraryImport(Library, EntryPoint = "tjCompress2")]
    public static partial int Compress(
        nint handle, byte* pixels, int width, int pitch, int height, int pixelFormat, byte** file, CULong* length, int subsampling, int quality, int flags);

    [LibraryImport(Library, EntryPoint = "tjFree")]
    public static partial void Free(byte* file);

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    public static partial int Destroy(nint handle);

    /// <returns>0 for a warning, after which there is a picture; 1 for an error.</returns>
    [LibraryImport(Library, EntryPoint = "tjGetErrorCode")]
    public static partial int GetErrorCode(nint handle);

    public static string Error(nint handle) => Marshal.PtrToStringUTF8(GetErrorStr(handle)) ?? "unknown error";

    [LibraryImport(Library, EntryPoint = "tjGetErrorStr2")]
    private static partial nint GetErrorStr(nint handle);
}
