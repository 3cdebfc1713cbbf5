namespace Saccade.EndToEnd.Tests.Support;

/// <summary>A test that runs programs of npm packages. Skipped, saying which one is missing, only where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NpmFactAttribute : FactAttribute
{
    public NpmFactAttribute(params string[] packages) => Skip = Tools.Missing("node") ?? NpmPackages.Missing(packages);
}

/// <summary>A test with data that uses npm packages in a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NpmBrowserTheoryAttribute : TheoryAttribute
{
    public NpmBrowserTheoryAttribute(string program, string driver, string package) =>
        Skip = Tools.Missing(program, driver) ?? NpmPackages.Missing(package);
}
