using Xunit;

namespace Saccade.Training.Tests;

/// <summary>As <see cref="PythonFactAttribute"/>, with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute(string modules)
    {
        Modules = modules;
        Skip = PythonFactAttribute.Missing(modules);
    }

    public string Modules { get; }
}
