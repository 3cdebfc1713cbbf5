using System.Diagnostics;

namespace Saccade.EndToEnd.Tests.Support;

/// <summary>A test that runs a script of Debian's Python with a module. Skipped, saying what is missing, only where it is not
/// installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonModuleFactAttribute : FactAttribute
{
    /// <summary>Debian's, whose modules are Debian packages.</summary>
    public const string Python = "/usr/bin/python3";

    public PythonModuleFactAttribute(string module) =>
        Skip = !File.Exists(Python) || !Imports(module) ? $"Not installed: python3-{module} (eng/bootstrap all installs it)." : null;

    private static bool Imports(string module)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Python, ["-c", $"import {module}"]) { UseShellExecute = false, RedirectStandardError = true }
        )!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
