namespace Saccade.Api.Access;

/// <summary>Metadata of an endpoint that is for those who run the service: with a port of their own, it is served there only.</summary>
internal sealed class OperatorOnly
{
    /// <summary>The only one that is needed.</summary>
    public static OperatorOnly Instance { get; } = new();
}
