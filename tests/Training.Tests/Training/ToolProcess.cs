using System.Diagnostics;
using Saccade.Training.Recipes;

namespace Saccade.Training.Tests.Training;

/// <summary>The training tool as a process of its own.</summary>
internal static class ToolProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Starts a command whose arguments hold no spaces.</summary>
    /// <param name="arguments">The command.</param>
    /// <param name="folder">The working directory; the tests' own if left out.</param>
    public static Process Start(string arguments, string folder = "") =>
        Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [typeof(Recipe).Assembly.Location, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]
            )
            {
                UseShellExecute = false,
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    /// <summary>Waits for the end.</summary>
    public static async Task<(int Code, string Output, string Errors)> FinishAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string arguments, string folder = "")
    {
        using var process = Start(arguments, folder);
        return await FinishAsync(process);
    }
}
