using System.IO.Compression;

namespace Saccade.Training.Weights.Keras;

/// <summary>A <c>.keras</c> archive: the description in <c>config.json</c>, the weights in <c>model.weights.h5</c>. Its metadata is not
/// needed.</summary>
internal static class KerasArchive
{
    private const string Description = "config.json";
    private const string Weights = "model.weights.h5";
    private const long MaxDescription = 64 << 20;

    // Weights hardly shrink; Keras stores them as they are.
    private const long MaxRatio = 20;

    /// <summary>Whether a zip archive is one of Keras's.</summary>
    /// <param name="file">At its beginning, and left there.</param>
    public static bool IsOne(Stream file)
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        var isOne = archive.GetEntry(Description) is not null || archive.GetEntry(Weights) is not null;
        file.Position = 0;
        return isOne;
    }

    /// <summary>Reads the description and opens the weights.</summary>
    /// <param name="file">The archive, left open.</param>
    /// <exception cref="InvalidDataException">It lacks one of the two, or claims to be larger than it can be.</exception>
    public static (KerasModel Model, Hdf5File Weights) Read(Stream file)
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        var layers = KerasDescription.Layers(Content(archive, Description, MaxDescription));
        var weights = new Hdf5File(new MemoryStream(Content(archive, Weights, Array.MaxLength), writable: false));
        try
        {
            return (Hdf5Weights.Read(weights, layers), weights);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    private static byte[] Content(ZipArchive archive, string name, long most)
    {
        if (archive.Entries.Count(entry => entry.FullName == name) != 1 || archive.GetEntry(name) is not { } entry)
            throw new InvalidDataException($"the archive has not one entry {name}");
        if (entry.IsEncrypted || entry.Length > most || entry.Length > (1 << 20) + (MaxRatio * entry.CompressedLength))
            throw new InvalidDataException(
                $"the archive's {name} is encrypted, or of {entry.Length} bytes packed into {entry.CompressedLength}"
            );

        // The archive bounds the packed length by the file; only then is memory taken.
        using var stream = entry.Open();
        var content = new byte[entry.Length];
        stream.ReadExactly(content);
        return content;
    }
}
