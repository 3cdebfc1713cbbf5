namespace Saccade.Api.Configuration;

/// <summary>Something that must be right before the service starts.</summary>
internal interface IStartupCheck
{
    /// <summary>Everything that is wrong, one sentence each that names the setting; empty if all is well.</summary>
    IReadOnlyList<string> Mistakes();
}
