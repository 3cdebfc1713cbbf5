namespace Saccade.EndToEnd.Tests.Edge;

/// <summary>A host of a <see cref="HostNetwork"/>.</summary>
/// <param name="Namespace">Its network namespace.</param>
/// <param name="Address">Its IPv4 address, which this process can reach.</param>
public sealed record NetworkHost(string Namespace, string Address);
