namespace Saccade.Training;

/// <summary>Files that are either the old version or the whole new one, whatever happens while writing.</summary>
public static class AtomicFile
{
    /// <summary>Writes aside, flushes to the disk, then renames over <paramref name="path"/>.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var aside = path + ".partial";
        using (var stream = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
    }

    /// <summary>The same for text, in UTF-8.</summary>
    public static void WriteText(string path, string text)
    {
        using var bytes = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        Write(path, bytes.CopyTo);
    }
}
