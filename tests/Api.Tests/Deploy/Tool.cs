using System.Diagnostics;

namespace Saccade.Api.Tests.Deploy;

/// <summary>Programs of the system that the tests of deploy/ run.</summary>
internal static class Tool
{
    /// <summary>Why <c>kubectl kustomize</c> cannot be used; null if it can.</summary>
    public static string? NoKubectl { get; } = WhyNotKubectl();

    /// <summary>Why <c>promtool</c> cannot be used; null if it can.</summary>
    public static string? NoPromtool { get; } = Exists("promtool") ? null : "Not installed: promtool (eng/bootstrap all installs it).";

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message is what it wrote.</exception>
    public static string Run(string file, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(file, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)}:\n{output}{errors.GetAwaiter().GetResult()}");
    }

    // The kustomize in older ones knows no components. They do not tell its version either.
    private static string? WhyNotKubectl()
    {
        if (!Exists("kubectl"))
            return "Not installed: kubectl (eng/bootstrap all installs it where a package source has it).";
        var version = Run("kubectl", "version", "--client");
        return version.Contains("Kustomize Version", StringComparison.Ordinal)
            ? null
            : $"kubectl is older than 1.24, whose kustomize knows no components: {version}";
    }

    private static bool Exists(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, name)));
}
