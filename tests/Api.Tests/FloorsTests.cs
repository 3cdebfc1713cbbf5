using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Saccade.Api.Tests;

/// <summary>The folders of src/Api stand on floors: each imports what is below it only, so that any of them can be read without those
/// above.</summary>
public sealed partial class FloorsTests
{
    // From the ground up; folders of one floor know nothing of each other.
    private static readonly string[][] Floors =
    [
        ["Configuration", "Contracts", "Requests"],
        ["Telemetry"],
        ["Errors"],
        ["Admin", "Bodies", "Limits", "Shutdown"],
        ["Parameters"],
        ["OpenApi"],
        ["Endpoints", "Operations", "Page"],
        ["OpenInference"],
        ["OpenInference/Rpc"],
        ["Middleware", "Startup", "WarmUp"],
    ];

    [Fact]
    public void Folders_Import_OnlyFromFloorsBelow()
    {
        var source = Source();
        var floorOf = Floors
            .SelectMany((folders, floor) => folders.Select(folder => (folder, floor)))
            .ToDictionary(one => one.folder, one => one.floor, StringComparer.Ordinal);
        var upwards =
            from file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            let folder = Path.GetRelativePath(source, Path.GetDirectoryName(file)!).Replace('\\', '/')
            where
                folder != "." && !folder.StartsWith("obj", StringComparison.Ordinal) && !folder.StartsWith("bin", StringComparison.Ordinal)
            from Match import in Import().Matches(File.ReadAllText(file))
            let imported = import.Groups["folder"].Value.Replace('.', '/')
            where imported != folder && floorOf[imported] >= floorOf[folder]
            select $"{folder}/{Path.GetFileName(file)} imports {imported}";
        Assert.Empty(upwards);
    }

    /// <summary>What the service may know of the engine.</summary>
    [Fact]
    public void Service_NeverSeesTheRuntime() =>
        Assert.DoesNotContain(
            typeof(Program).Assembly.GetReferencedAssemblies(),
            static assembly => assembly.Name!.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal)
        );

    private static string Source([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "src", "Api"));

    [GeneratedRegex(
        @"^using (static )?Saccade\.Api\.(?<folder>[\w.]+);",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Import();
}
