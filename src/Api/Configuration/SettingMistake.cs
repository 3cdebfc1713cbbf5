namespace Saccade.Api.Configuration;

/// <summary>A mistake that was found before there was anything to check.</summary>
internal sealed class SettingMistake(string mistake) : IStartupCheck
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Mistakes() => [mistake];
}
