using System.Runtime.InteropServices;
using System.Text;

namespace Saccade.Inference.Bundles;

/// <summary>What a path leads to, through links, asked without opening it: opening a pipe waits until somebody writes to it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Bytes.</param>
/// <param name="ModifiedAt">When the content last changed, in a unit of its own: good for comparing.</param>
internal readonly partial record struct FileStatus(FileKind Kind, long Length, long ModifiedAt)
{
    private const int NoSuchFile = 2;
    private const int AccessDenied = 13;
    private const int NotADirectory = 20;
    private const int TooManyLinks = 40;
    private const int FromWorkingDirectory = -100;

    /// <summary>Type, length and time of modification.</summary>
    private const uint Wanted = 0x1 | 0x40 | 0x200;

    /// <summary>Asks.</summary>
    /// <returns>Null if there is nothing, or a link to nothing.</returns>
    /// <exception cref="IOException">The file system does not answer.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder on the way may not be entered.</exception>
    public static FileStatus? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return OfPortable(path);
        if (Ask(FromWorkingDirectory, Encoding.UTF8.GetBytes(path + '\0'), 0, Wanted, out var answer) == 0)
        {
            var modified = unchecked((answer.Modified.Seconds * 1_000_000_000) + answer.Modified.Nanoseconds);
            return new(KindOf(answer.Mode), (long)answer.Size, modified);
        }

        return Marshal.GetLastPInvokeError() switch
        {
            NoSuchFile or NotADirectory or TooManyLinks => null,
            AccessDenied => throw new UnauthorizedAccessException($"Access to '{path}' is denied."),
            var error => throw new IOException($"'{path}' cannot be looked at: {Marshal.GetPInvokeErrorMessage(error)}"),
        };
    }

    private static FileStatus? OfPortable(string path)
    {
        FileSystemInfo file = new FileInfo(path);
        file = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        if (Directory.Exists(file.FullName))
            return new(FileKind.Directory, 0, file.LastWriteTimeUtc.Ticks);
        return file is FileInfo { Exists: true } there ? new(FileKind.File, there.Length, there.LastWriteTimeUtc.Ticks) : null;
    }

    private static FileKind KindOf(ushort mode) =>
        (mode & 0xF000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Directory,
            0x1000 => FileKind.Pipe,
            0xC000 => FileKind.Socket,
            _ => FileKind.Device,
        };

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Ask(int folder, ReadOnlySpan<byte> path, int flags, uint wanted, out Answer answer);

    /// <summary>The kernel's <c>struct statx</c>, the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Answer
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(112)]
        public Timestamp Modified;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timestamp
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Reserved;
    }
}

/// <summary>What can be at a path.</summary>
internal enum FileKind
{
    /// <summary>A regular file: it has a length, and reading it comes to an end.</summary>
    File,

    /// <summary>A folder.</summary>
    Directory,

    /// <summary>A named pipe.</summary>
    Pipe,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A device.</summary>
    Device,
}
