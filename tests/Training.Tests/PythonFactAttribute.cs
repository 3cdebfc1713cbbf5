using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace Saccade.Training.Tests;

/// <summary>A test against another implementation in Debian's Python; skipped, with the reason printed, where that is not
/// installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    private const string Python = "/usr/bin/python3";

    // A test framework makes an attribute for every case, more than once.
    private static readonly ConcurrentDictionary<string, string?> Checked = new(StringComparer.Ordinal);

    public PythonFactAttribute(string module)
    {
        Module = module;
        Skip = Missing(module);
    }

    public string Module { get; }

    /// <summary>What keeps scripts with some modules (one, or several with commas) from running; null where nothing does.</summary>
    internal static string? Missing(string modules) => Checked.GetOrAdd(modules, Check);

    private static string? Check(string modules)
    {
        if (!File.Exists(Python))
            return $"{Python} is not installed";
        return Start($"import {modules}").Code == 0 ? null : $"Python lacks one of the modules {modules} (Debian package python3-<module>)";
    }

    /// <summary>Runs a script and gives its standard output; fails on any other exit code than 0.</summary>
    internal static Task<string> RunAsync(string script, params string[] arguments) =>
        Task.Run(() =>
        {
            var (code, output, error) = Start(script, arguments);
            return code == 0 ? output : throw new InvalidOperationException(error);
        });

    private static (int Code, string Output, string Error) Start(string script, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Python, ["-c", script, .. arguments])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
