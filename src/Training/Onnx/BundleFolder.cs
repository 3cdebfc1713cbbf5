using Saccade.Inference.Bundles;

namespace Saccade.Training.Onnx;

/// <summary>The folder of a bundle: <c>model.onnx</c> and <c>manifest.json</c>.</summary>
public sealed class BundleFolder
{
    private const string ModelName = "model.onnx";

    /// <summary>Names the files under <paramref name="path"/>; touches nothing.</summary>
    public BundleFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    private string ModelFile => System.IO.Path.Combine(Path, ModelName);

    private string ManifestFile => System.IO.Path.Combine(Path, ManifestJson.FileName);

    /// <summary>Reads both files.</summary>
    /// <exception cref="InvalidDataException">One is missing, or the manifest is not sound.</exception>
    public (byte[] Model, ModelManifest Manifest) Read()
    {
        foreach (var file in new[] { ModelFile, ManifestFile })
        {
            if (!File.Exists(file))
                throw new InvalidDataException($"'{Path}' is no bundle: it has no {System.IO.Path.GetFileName(file)}.");
        }

        return (File.ReadAllBytes(ModelFile), ManifestJson.Read(File.ReadAllBytes(ManifestFile)));
    }

    /// <summary>
    /// Fails early, before an export computes anything, if the folder holds something else than a bundle, which must not be replaced.
    /// </summary>
    /// <exception cref="InvalidDataException">It does, or a file has that name.</exception>
    public void RequireReplaceable()
    {
        if (File.Exists(Path))
            throw new InvalidDataException($"'{Path}' is a file.");
        if (Directory.Exists(Path) && !File.Exists(ManifestFile) && Directory.EnumerateFileSystemEntries(Path).Any())
            throw new InvalidDataException($"'{Path}' holds other files and no bundle; choose an empty or a new folder.");
    }

    /// <summary>Writes both files into a folder beside it, then renames: a reader never sees a model with another one's manifest.</summary>
    public void Write(byte[] model, ModelManifest manifest)
    {
        RequireReplaceable();
        var target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path));
        var aside = $"{target}.partial";
        var old = $"{target}.old";
        foreach (var leftover in new[] { aside, old }.Where(Directory.Exists))
            Directory.Delete(leftover, recursive: true);

        var folder = new BundleFolder(Directory.CreateDirectory(aside).FullName);
        WriteThrough(folder.ModelFile, model);
        WriteThrough(folder.ManifestFile, [.. ManifestJson.Write(manifest), (byte)'\n']);

        if (Directory.Exists(target))
            Directory.Move(target, old);
        Directory.Move(aside, target);
        if (Directory.Exists(old))
            Directory.Delete(old, recursive: true);
    }

    private static void WriteThrough(string path, byte[] content)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }
}
