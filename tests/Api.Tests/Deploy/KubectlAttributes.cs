namespace Saccade.Api.Tests.Deploy;

/// <summary>A test that renders manifests. Skipped, saying why, where <c>kubectl kustomize</c> is missing or too old.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute() => Skip = Tool.NoKubectl;
}

/// <summary>The same for a test with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KubectlTheoryAttribute : TheoryAttribute
{
    public KubectlTheoryAttribute() => Skip = Tool.NoKubectl;
}
