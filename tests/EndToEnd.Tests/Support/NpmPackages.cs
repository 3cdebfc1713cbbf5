using Saccade.Bench.Processes;

namespace Saccade.EndToEnd.Tests.Support;

/// <summary>The packages of <c>npm/package.json</c>, as <c>eng/bootstrap all</c> has installed them.</summary>
public static class NpmPackages
{
    // Nothing of a test is told to anybody, and no newer version asked for.
    private static readonly Dictionary<string, string?> Offline = new()
    {
        ["REDOCLY_TELEMETRY"] = "off",
        ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true",
        ["NO_COLOR"] = "1",
    };

    /// <summary>Where they are. What is run from a folder below finds them.</summary>
    public static string Root { get; } = Checkout.PathOf("artifacts", "npm");

    /// <summary>A file of a package.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, "node_modules", .. parts]);

    /// <summary>Why a test that needs these packages cannot run; null if it can.</summary>
    public static string? Missing(params string[] names) =>
        names.Where(name => !Directory.Exists(PathOf(name))).ToArray() is { Length: > 0 } missing
            ? $"Not installed from npm: {string.Join(", ", missing)} (eng/bootstrap all installs it where npm is)."
            : null;

    /// <summary>Runs a program of a package, or <c>node</c> itself.</summary>
    /// <param name="program">Its name in <c>node_modules/.bin</c>.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Task<(int ExitCode, string Output)> RunAsync(string program, string folder, params string[] arguments) =>
        ChildProcess.RunAsync(
            program == "node" ? Tools.Path(program) : PathOf(".bin", program),
            arguments,
            TimeSpan.FromMinutes(5),
            folder,
            Offline
        );
}
