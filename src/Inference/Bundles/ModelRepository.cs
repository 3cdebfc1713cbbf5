using System.Globalization;

namespace Saccade.Inference.Bundles;

/// <summary>What is in the folder of models: <c>&lt;name&gt;/&lt;version&gt;/</c>, the version a positive integer.</summary>
internal static class ModelRepository
{
    private const int LongestName = 128;

    /// <summary>Ends the name of a folder that is being copied and will be renamed (docs/model-bundle.md).</summary>
    private const string Unfinished = ".part";

    /// <summary>Looks at the folder.</summary>
    /// <param name="root">The folder.</param>
    /// <returns>Null if there is no such folder.</returns>
    /// <exception cref="IOException">It cannot be looked at. A model's own folder that cannot is among what is not served.</exception>
    public static RepositoryContents? Scan(string root)
    {
        if (!Directory.Exists(root))
            return null;

        var found = new List<FoundVersion>();
        var unserved = new List<UnservedPath>();
        var unreadable = new List<string>();
        var folders = Directory.GetDirectories(root);
        foreach (var file in BundleFiles.LooseIn(root))
        {
            var place = BundleFiles.IsNetwork(file)
                ? $"{Path.GetFileNameWithoutExtension(file)}/1/{BundleFiles.ModelFile}"
                : "<name>/<version>/";
            unserved.Add(new(file, $"it belongs into the folder of a version; move it to {place}"));
        }

        foreach (var folder in folders)
        {
            var name = Path.GetFileName(folder);
            try
            {
                ScanModel(name, folder, found, unserved);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                unreadable.Add(name);
                unserved.Add(new(name, "it cannot be read; see who owns it and what its mode is"));
            }
        }

        return new(
            [.. found.OrderBy(model => model.Name, StringComparer.Ordinal).ThenBy(model => model.Version)],
            unserved,
            unreadable,
            IsEmpty: Array.TrueForAll(folders, folder => Path.GetFileName(folder).StartsWith('.'))
        );
    }

    /// <summary>Reads a version as written in a folder name or by a client: ASCII digits only, no sign, no leading zero.</summary>
    public static bool TryParseVersion(string text, out long version)
    {
        version = 0;
        // Not left to the parser, which passes over zero characters at the end.
        return text.Length > 0
            && text[0] != '0'
            && text.All(char.IsAsciiDigit)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }

    private static void ScanModel(string name, string folder, List<FoundVersion> found, List<UnservedPath> unserved)
    {
        var folders = new List<(long Version, string Path)>();
        var others = new List<UnservedPath>();
        foreach (var file in BundleFiles.LooseIn(folder))
            others.Add(new($"{name}/{file}", $"it belongs into the folder of a version; move it to {name}/1/"));
        foreach (var versionFolder in Directory.EnumerateDirectories(folder))
        {
            var text = Path.GetFileName(versionFolder);
            if (TryParseVersion(text, out var version))
                folders.Add((version, versionFolder));
            else if (!text.StartsWith('.') && !text.EndsWith(Unfinished, StringComparison.Ordinal))
                others.Add(new($"{name}/{text}", $"versions are named 1, 2, 3, … up to {long.MaxValue}; rename the folder"));
        }

        var triton = folders.Count > 0 ? TritonConfig.TryReadFrom(folder) : null;
        var versions = folders.ConvertAll(one => Look(name, one.Version, one.Path, triton));
        if (name.StartsWith('.') && !versions.Exists(version => version.HoldsBundle))
            return;
        if (!IsName(name))
        {
            var advice =
                $"a model's name has 1 to {LongestName} characters, no control character, and no dot at its start; rename the folder";
            unserved.Add(new(name, advice));
            return;
        }

        var served = triton?.Versions.Of([.. versions.Select(version => version.Version)]).ToHashSet();
        foreach (var version in versions)
        {
            if (served is null || served.Contains(version.Version))
                found.Add(version);
            else
                others.Add(new($"{name}/{version.Version}", $"version_policy in {TritonConfig.FileName} leaves it out"));
        }

        unserved.AddRange(others);
        if (versions.Count + others.Count == 0)
            unserved.Add(new(name, $"it holds no version; a model is {name}/1/{BundleFiles.ModelFile}"));
    }

    private static FoundVersion Look(string name, long version, string folder, TritonConfig? triton)
    {
        var holdsEnsemble = EnsembleJson.IsIn(folder);
        var holdsNetwork =
            BundleFiles.Exists(folder, BundleFiles.ModelFile) || (triton is not null && BundleFiles.Exists(folder, triton.ModelFile));
        return new(name, version, folder, holdsEnsemble, holdsEnsemble || holdsNetwork);
    }

    private static bool IsName(string name) =>
        name.Length <= LongestName && name[0] != '.' && !name.Any(letter => char.IsControl(letter) || letter == '\uFFFD');
}
