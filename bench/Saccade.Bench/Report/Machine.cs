using Saccade.Bench.Processes;

namespace Saccade.Bench.Report;

/// <summary>Where and on what a measurement was made.</summary>
/// <param name="Commit">Short hash, with a mark if the checkout had changes.</param>
/// <param name="Description">Processor, cores and runtime in words.</param>
internal sealed record Machine(string Commit, string Description)
{
    private const string ProcessorLine = "model name";

    /// <summary>What to type to measure again.</summary>
    public static string Command =>
        string.Join(' ', ["dotnet run --project bench/Saccade.Bench -c Release --", .. Environment.GetCommandLineArgs()[1..]]);

    /// <summary>This machine and checkout.</summary>
    public static async Task<Machine> DescribeAsync() =>
        new(
            await GitAsync("describe", "--always", "--dirty", "--abbrev=10"),
            $"{Environment.ProcessorCount} cores of {ProcessorName()}, .NET {Environment.Version}"
        );

    private static async Task<string> GitAsync(params string[] arguments)
    {
        var (exitCode, output) = await ChildProcess.RunAsync("git", arguments, TimeSpan.FromSeconds(10), Checkout.Root);
        return exitCode == 0 ? output.Trim() : "unknown commit";
    }

    private static string ProcessorName()
    {
        const string Source = "/proc/cpuinfo";
        var line = File.Exists(Source)
            ? File.ReadLines(Source).FirstOrDefault(line => line.StartsWith(ProcessorLine, StringComparison.Ordinal))
            : null;
        return line is null ? "an unknown processor" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
