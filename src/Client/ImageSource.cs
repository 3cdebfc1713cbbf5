namespace Saccade.Client;

/// <summary>An image file in whichever form the caller has it. Bytes and streams convert by themselves.</summary>
public sealed class ImageSource
{
    private readonly Func<HttpContent> _open;

    private ImageSource(string? name, Func<HttpContent> open) => (Name, _open) = (name, open);

    /// <summary>The caller's name for it, or the file's path; it is not sent.</summary>
    public string? Name { get; }

    /// <summary>A file, opened when it is sent and closed afterwards.</summary>
    public static ImageSource FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(path, () => new StreamUpload(Open(path), leaveOpen: false));
    }

    /// <summary>The content of a file; it must not change until the answer is there.</summary>
    public static ImageSource FromBytes(ReadOnlyMemory<byte> bytes, string? name = null) =>
        new(name, () => new ReadOnlyMemoryContent(bytes));

    /// <summary>
    /// What a stream holds from its position to its end. The stream stays open. If it can seek, its length is sent along and a retry
    /// starts from the same position; otherwise it can be sent once, without retries.
    /// </summary>
    public static ImageSource FromStream(Stream stream, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new(name, () => new StreamUpload(stream, leaveOpen: true));
    }

    /// <summary><see cref="FromBytes"/>.</summary>
    public static implicit operator ImageSource(byte[] bytes) => FromBytes(bytes);

    /// <summary><see cref="FromBytes"/>.</summary>
    public static implicit operator ImageSource(ReadOnlyMemory<byte> bytes) => FromBytes(bytes);

    /// <summary><see cref="FromStream"/>.</summary>
    public static implicit operator ImageSource(Stream stream) => FromStream(stream);

    /// <summary>The body of a request, for all its attempts.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    internal HttpContent OpenContent() => _open();

    // Without a buffer of its own: it is copied in large pieces.
    private static FileStream Open(string path) =>
        new(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0 });
}
