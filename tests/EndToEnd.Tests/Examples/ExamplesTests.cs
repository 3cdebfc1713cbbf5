using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Examples;

/// <summary>Every example of <c>examples/</c>, run as its page says: it names a boot, and says what is wrong with a file that is no
/// image.</summary>
[Collection(PublishedServiceCollection.Name)]
public sealed class ExamplesTests(PublishedService published)
{
    // That of the test and of the examples, which are built with it.
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;

    [ToolFact("curl")]
    public async Task Curl_NamesTheBoot() => await NamesAsync(Checkout.PathOf("examples", "classify.sh"), [], "\"label\":\"Ankle boot\"");

    [PythonModuleFact("requests")]
    public async Task Python_NamesTheBoot() =>
        await NamesAsync(PythonModuleFactAttribute.Python, [Checkout.PathOf("examples", "classify.py")], "Ankle boot 0.99");

    [ToolFact("node")]
    public async Task JavaScript_NamesTheBoot() =>
        await NamesAsync("node", [Checkout.PathOf("examples", "classify.mjs")], "Ankle boot 0.99");

    [Fact]
    public async Task CSharp_NamesTheBoot() => await NamesAsync("dotnet", [Example("Client")], "Ankle boot 0.99");

    [Fact]
    public async Task Grpc_NamesTheBoot()
    {
        var port = FreePort.Next();
        await using var service = await published.StartReadyAsync(("Grpc__Port", $"{port}"));

        await NamesAsync("dotnet", [Example("Grpc")], ":9:Ankle boot", $"http://127.0.0.1:{port}", "fashion");
    }

    [Fact]
    public async Task Inference_NamesTheBootWithoutAService()
    {
        var (exitCode, output) = await RunAsync(
            "dotnet",
            [
                Example("Inference"),
                $"--Models:Path={Checkout.PathOf("samples", "fashion-mnist", "models")}",
                Checkout.PathOf("samples", "fashion-mnist", "ankle-boot-1.png"),
            ]
        );

        Assert.Equal(0, exitCode);
        Assert.StartsWith("Prediction { Label = Ankle boot, Index = 9, Probability = 0.99", output, StringComparison.Ordinal);
    }

    private async Task NamesAsync(string program, string[] arguments, string expected, string? address = null, params string[] rest)
    {
        address ??= (await published.SharedReadyAsync()).Address.ToString().TrimEnd('/');

        var (exitCode, output) = await RunAsync(
            program,
            [.. arguments, Checkout.PathOf("samples", "fashion-mnist", "ankle-boot-1.png"), address, .. rest]
        );
        var (badExitCode, badOutput) = await RunAsync(program, [.. arguments, Checkout.PathOf("README.md"), address, .. rest]);

        Assert.True(exitCode == 0, output);
        // The first of three labels.
        Assert.InRange(output.IndexOf(expected, StringComparison.Ordinal), 0, output.IndexOf("Sandal", StringComparison.Ordinal));
        Assert.NotEqual(0, badExitCode);
        Assert.Contains("unsupported-image", badOutput, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments) =>
        ChildProcess.RunAsync(program, arguments, TimeSpan.FromMinutes(2), Checkout.Root);

    private static string Example(string name) =>
        Checkout.PathOf("artifacts", "bin", $"Saccade.Examples.{name}", Configuration, $"Saccade.Examples.{name}.dll");
}
