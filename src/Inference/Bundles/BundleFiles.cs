using System.Security.Cryptography;

namespace Saccade.Inference.Bundles;

/// <summary>Reads what is in a bundle's folder, before any runtime is asked.</summary>
internal static class BundleFiles
{
    /// <summary>File name of the network.</summary>
    public const string ModelFile = "model.onnx";

    /// <summary>Whether there is anything to load.</summary>
    public static bool IsBundle(string folder) => File.Exists(Path.Combine(folder, ModelFile)) || EnsembleJson.IsIn(folder);

    /// <summary>The path of the network.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static string ModelPath(string folder)
    {
        var path = Path.Combine(folder, ModelFile);
        return File.Exists(path) ? path : throw new InvalidDataException($"There is no {ModelFile}.");
    }

    /// <summary>The manifest; null if the bundle has none.</summary>
    /// <exception cref="InvalidDataException">It is not valid, or the network is not the one it was written for.</exception>
    public static ModelManifest? ReadManifest(string folder)
    {
        var path = Path.Combine(folder, ManifestJson.FileName);
        if (!File.Exists(path))
            return null;

        var manifest = ManifestJson.Read(File.ReadAllBytes(path));
        if (manifest.Sha256 is { } expected && Sha256(ModelPath(folder)) is var actual && actual != expected)
        {
            throw new InvalidDataException(
                $"{ModelFile} is not the file the manifest was written for: its SHA-256 is {actual}, not {expected}."
            );
        }

        return manifest;
    }

    private static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
