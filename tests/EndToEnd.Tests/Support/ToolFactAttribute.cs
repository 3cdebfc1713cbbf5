namespace Saccade.EndToEnd.Tests.Support;

/// <summary>A test that runs a program of the system. Skipped, saying which one is missing, only where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] tools)
    {
        var missing = tools.Where(tool => Tools.Find(tool) is null).ToList();
        if (missing.Count > 0)
            Skip = $"Not installed: {string.Join(", ", missing)} (eng/bootstrap all installs it).";
    }
}
