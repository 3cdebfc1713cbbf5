using Saccade.Api.Configuration;

namespace Saccade.Api.Access;

/// <summary>The file of keys must be there, and be one, when the service starts.</summary>
internal sealed class KeyFileCheck(string path) : IStartupCheck
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Mistakes()
    {
        try
        {
            _ = KeyFile.Read(path);
            return [];
        }
        catch (InvalidDataException mistake)
        {
            return [$"{KeysOptions.Section}:{nameof(KeysOptions.File)}: {mistake.Message}"];
        }
    }
}
