using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Edge;

/// <summary>A test on a <see cref="HostNetwork"/>. Skipped, saying why, only where there can be none or a program is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkTheoryAttribute : TheoryAttribute
{
    public NetworkTheoryAttribute(params string[] tools) => Skip = Tools.Missing(tools) ?? HostNetwork.Refusal;
}
