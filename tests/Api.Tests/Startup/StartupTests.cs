using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Saccade.Api.Startup;

namespace Saccade.Api.Tests.Startup;

/// <summary>The real process, started with mistakes.</summary>
public sealed class StartupTests
{
    [Fact]
    public async Task Run_SeveralMistakes_ReportsAllOfThemInOneMessage()
    {
        var (exitCode, output) = await RunAsync(
            "--Limits:MaxBodyBytes=abc",
            "--Limits:MaxImagesPerBatch=0",
            "--Limits:MaxBodyByte=5",
            "--Shutdown:DrainTimeout=-00:00:01",
            "--Batching:MaxBatchSize=0",
            "--Batching:LatencyObjective=soon",
            "--Execution:Provider=Quantum",
            "--Decoding:MaxImageSide=0",
            "--OTEL_EXPORTER_OTLP_ENDPOINT=collector",
            "--Models:Path="
        );
        Assert.Equal(78, exitCode);
        Assert.Contains("Limits:MaxBodyBytes is 'abc'", output, StringComparison.Ordinal);
        Assert.Contains("Limits:MaxBodyByte is not a setting", output, StringComparison.Ordinal);
        Assert.Contains("Shutdown:DrainTimeout must be between", output, StringComparison.Ordinal);
        Assert.Contains("- Batching:MaxBatchSize must be between 1 and 1024.", output, StringComparison.Ordinal);
        Assert.Contains("Batching:LatencyObjective is 'soon', which is not a time such as 00:00:30.", output, StringComparison.Ordinal);
        Assert.Contains("Execution:Provider is 'Quantum', which is not one of Auto, Cpu, Cuda.", output, StringComparison.Ordinal);
        Assert.Contains("Limits:MaxImagesPerBatch must be between 1 and 1000", output, StringComparison.Ordinal);
        Assert.Contains("Decoding:MaxImageSide must be between", output, StringComparison.Ordinal);
        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT is 'collector'", output, StringComparison.Ordinal);
        Assert.Contains("Models:Path", output, StringComparison.Ordinal);
        AssertOneMessage(output);
    }

    [Fact]
    public async Task Run_MistakeAcrossSettings_IsReported()
    {
        var (exitCode, output) = await RunAsync("--Limits:MaxBatchBodyBytes=5000", "--Limits:MaxBodyBytes=6000");
        Assert.Equal(78, exitCode);
        Assert.Contains("Limits:MaxBatchBodyBytes (5000) must not be below Limits:MaxBodyBytes (6000)", output, StringComparison.Ordinal);
        AssertOneMessage(output);
    }

    [Fact]
    public async Task Run_PortInUse_IsReported()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (exitCode, output) = await RunAsync($"--urls=http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");
        Assert.Equal(78, exitCode);
        Assert.Contains("address already in use", output, StringComparison.Ordinal);
        Assert.Contains("Cannot start", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AddressThatIsNone_IsReported()
    {
        var (exitCode, output) = await RunAsync("--urls=nonsense");
        Assert.Equal(78, exitCode);
        Assert.Contains("nonsense", output, StringComparison.Ordinal);
        AssertOneMessage(output);
    }

    [Theory]
    [InlineData("nowhere", "there is no such folder")]
    [InlineData("colors/1/model.onnx", "which is a file")]
    public async Task Run_NoFolderOfModels_IsReported(string path, string why)
    {
        var (exitCode, output) = await RunAsync($"--Models:Path={Path.Combine(TestModels.Path, path)}");
        Assert.Equal(78, exitCode);
        Assert.Contains($"Cannot start: Models:Path is '{Path.Combine(TestModels.Path, path)}'", output, StringComparison.Ordinal);
        Assert.Contains(why, output, StringComparison.Ordinal);
        AssertOneMessage(output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Run_AskedForHelp_ListsTheMainSettingsAndStartsNothing(string argument)
    {
        var (exitCode, output) = await RunAsync(argument, "--Limits:MaxBodyBytes=abc", "--Models:Path=/nowhere");
        Assert.Equal(0, exitCode);
        Assert.All(
            CommandLine.MainSettings(),
            row => Assert.Matches($@"\n  --{row.Key} +{Regex.Escape(row.Default)} +{Regex.Escape(row.Meaning)}\n", output)
        );
        Assert.Contains("--urls", output, StringComparison.Ordinal);
        Assert.Contains("docs/configuration.md", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Cannot start", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_MainSettings_AreDocumentedWithTheirDefaults()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "configuration.md"));
        Assert.All(
            CommandLine.MainSettings(),
            row => Assert.Contains($"| `{row.Key}` | `{row.Default}` |", page, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Run_AskedForItsVersion_TellsTheOneItWasBuiltAs()
    {
        var (exitCode, output) = await RunAsync("--version");
        var version = typeof(CommandLine).Assembly.GetName().Version!;
        Assert.Equal((0, $"Saccade {version.ToString(3)}"), (exitCode, output.Trim()));
    }

    private static void AssertOneMessage(string output)
    {
        Assert.Equal(2, output.Split("Cannot start").Length);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var service = Path.Combine(AppContext.BaseDirectory, "Saccade.Api.dll");
        var start = new ProcessStartInfo("dotnet", [service, "--Models:Path=" + TestModels.Path, "--urls=http://127.0.0.1:0", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().Guarded();
            return (process.ExitCode, await output.Guarded() + await errors.Guarded());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
