using System.Globalization;
using Saccade.Inference.Bundles;

namespace Saccade.Training.Bundles;

/// <summary>Folders that the service would serve.</summary>
internal static class ServedFolder
{
    /// <summary>Whether a folder holds a bundle with a manifest, or an ensemble.</summary>
    public static bool Holds(string path) => File.Exists(Path.Combine(path, ManifestJson.FileName)) || HoldsEnsemble(path);

    /// <summary>Whether a folder holds an ensemble.</summary>
    public static bool HoldsEnsemble(string path) => File.Exists(Path.Combine(path, EnsembleJson.FileName));

    /// <summary>The folder itself, or its newest version if it holds versions.</summary>
    public static string Find(string path) => Holds(path) || Newest(path) is not { } version ? path : Path.Combine(path, version);

    /// <summary>The highest version in a model's folder; null if there is none.</summary>
    public static string? Newest(string model) =>
        (Directory.Exists(model) ? Directory.EnumerateDirectories(model) : [])
            .Where(Holds)
            .Select(folder => Path.GetFileName(folder))
            .Where(name => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .MaxBy(name => long.Parse(name, CultureInfo.InvariantCulture));
}
