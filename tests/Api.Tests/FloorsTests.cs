namespace Saccade.Api.Tests;

/// <summary>What the service may know of the engine.</summary>
public sealed class FloorsTests
{
    [Fact]
    public void Service_NeverSeesTheRuntime() => Assert.DoesNotContain(
        typeof(Program).Assembly.GetReferencedAssemblies(), static assembly => assembly.Name!.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal));
}
