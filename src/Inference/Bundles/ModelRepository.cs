using System.Globalization;

namespace Saccade.Inference.Bundles;

/// <summary>What is in the folder of models: <c>&lt;name&gt;/&lt;version&gt;/</c>, the version a positive integer.</summary>
internal static class ModelRepository
{
    /// <summary>Every version of every model, by name, then version.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="ignored">Told the model and the name of each folder that is passed over; models whose names begin with a dot are not
    /// told.</param>
    /// <returns>Null if there is no such folder.</returns>
    public static IReadOnlyList<FoundVersion>? Scan(string path, Action<string, string>? ignored = null)
    {
        if (!Directory.Exists(path))
            return null;

        var found = new List<FoundVersion>();
        foreach (var modelFolder in Directory.EnumerateDirectories(path))
        {
            var name = Path.GetFileName(modelFolder);
            if (name.StartsWith('.'))
                continue;
            foreach (var versionFolder in Directory.EnumerateDirectories(modelFolder))
            {
                if (TryParseVersion(Path.GetFileName(versionFolder), out var version))
                    found.Add(new(name, version, versionFolder));
                else
                    ignored?.Invoke(name, Path.GetFileName(versionFolder));
            }
        }

        return [.. found.OrderBy(model => model.Name, StringComparer.Ordinal).ThenBy(model => model.Version)];
    }

    /// <summary>Reads a version as written in a folder name or by a client: digits only, no sign, no leading zero.</summary>
    public static bool TryParseVersion(string text, out int version) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version) && version >= 1 && text[0] != '0';
}
