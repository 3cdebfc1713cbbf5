using System.Text;
using Saccade.Inference.Bundles;

namespace Saccade.Training.Bundles;

/// <summary>The folder of a bundle: <c>model.onnx</c>, <c>manifest.json</c>, for <c>verify</c> <c>probe.json</c>, and for people a
/// <see cref="ModelCard"/>.</summary>
public sealed class BundleFolder
{
    /// <summary>File name of the network.</summary>
    internal const string ModelName = "model.onnx";

    /// <summary>Names the files under <paramref name="path"/>; touches nothing.</summary>
    public BundleFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    private string ModelFile => System.IO.Path.Combine(Path, ModelName);

    private string ProbeFile => System.IO.Path.Combine(Path, BundleProbe.FileName);

    private string ManifestFile => System.IO.Path.Combine(Path, ManifestJson.FileName);

    /// <summary>Reads the model and its manifest.</summary>
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

    /// <summary>Reads the probe; null where the bundle has none.</summary>
    /// <exception cref="InvalidDataException">It cannot be computed again.</exception>
    public BundleProbe? ReadProbe() => File.Exists(ProbeFile) ? BundleProbe.Read(File.ReadAllBytes(ProbeFile)) : null;

    /// <summary>Adds a probe to a bundle, whose other files stay as they are.</summary>
    public void WriteProbe(BundleProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        AtomicFile.Write(ProbeFile, stream => stream.Write(probe.ToJson()));
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

    /// <summary>Writes all files into a folder beside it, then renames: a reader never sees a model with another one's manifest.</summary>
    public void Write(byte[] model, ModelManifest manifest, BundleProbe? probe = null)
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
        if (probe is not null)
            WriteThrough(folder.ProbeFile, probe.ToJson());
        WriteThrough(System.IO.Path.Combine(aside, ModelCard.FileName), Encoding.UTF8.GetBytes(ModelCard.Of(manifest)));

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
