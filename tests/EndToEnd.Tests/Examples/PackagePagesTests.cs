using Saccade.Bench.Processes;

namespace Saccade.EndToEnd.Tests.Examples;

/// <summary>The pages of the packages show the examples that run in <see cref="ExamplesTests"/>, line by line.</summary>
public sealed class PackagePagesTests
{
    [Theory]
    [InlineData("Client", "csharp")]
    [InlineData("Inference", "inference")]
    public void Page_FirstCode_IsTheExample(string package, string example)
    {
        var page = File.ReadAllText(Checkout.PathOf("src", package, "README.md"));
        var code = page.Split("```csharp\n")[1].Split("```")[0];

        Assert.Equal(File.ReadAllText(Checkout.PathOf("examples", example, "Program.cs")), code);
    }
}
