using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Saccade.Inference.Models;

/// <summary>What is in the folder of models: <c>&lt;name&gt;/&lt;version&gt;/</c>, the version a positive integer.</summary>
internal static class ModelRepository
{
    /// <summary>Every version of every model, by name, then version. Anything else is left out and named in the log.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="logger">Where folders that are passed over are named.</param>
    /// <returns>Empty if there is no such folder.</returns>
    public static IReadOnlyList<ServedModel> Scan(string path, ILogger logger)
    {
        if (!Directory.Exists(path))
        {
            Log.NoModelFolder(logger, path);
            return [];
        }

        var found = new List<ServedModel>();
        foreach (var modelFolder in Directory.EnumerateDirectories(path))
        {
            var name = Path.GetFileName(modelFolder);
            if (name.StartsWith('.')) continue;
            foreach (var versionFolder in Directory.EnumerateDirectories(modelFolder))
            {
                if (TryParseVersion(Path.GetFileName(versionFolder), out var version)) found.Add(new(name, version, versionFolder));
                else Log.VersionFolderIgnored(logger, name, Path.GetFileName(versionFolder));
            }
        }

        return [.. found.OrderBy(model => model.Name, StringComparer.Ordinal).ThenBy(model => model.Version)];
    }

    /// <summary>Reads a version as written in a folder name or by a client: digits only, no sign, no leading zero.</summary>
    public static bool TryParseVersion(string text, out int version) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version) && version >= 1 && text[0] != '0';
}
