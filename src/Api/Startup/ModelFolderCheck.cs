using Saccade.Api.Configuration;
using Saccade.Inference.Models;

namespace Saccade.Api.Startup;

/// <summary>The folder of models must be there at the start. An empty one is no mistake: its models may come later.</summary>
internal sealed class ModelFolderCheck(IConfiguration configuration) : IStartupCheck
{
    private const string Key = $"{ModelsOptions.Section}:{nameof(ModelsOptions.Path)}";

    /// <inheritdoc/>
    public IReadOnlyList<string> Mistakes()
    {
        var path = configuration[Key] ?? new ModelsOptions().Path;
        if (Directory.Exists(path) || string.IsNullOrWhiteSpace(path))
        {
            // That it names no folder at all is told by the section's own check.
            return [];
        }

        var full = Path.GetFullPath(path);
        return File.Exists(path)
            ? [$"{Key} is '{full}', which is a file; it must be the folder that holds the models."]
            : [$"{Key} is '{full}', and there is no such folder; it must be the one that holds the models."];
    }
}
