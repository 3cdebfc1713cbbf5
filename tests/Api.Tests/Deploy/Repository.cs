using System.Runtime.CompilerServices;

namespace Saccade.Api.Tests.Deploy;

/// <summary>Files of the repository that nothing copies beside the tests.</summary>
internal static class Repository
{
    /// <summary>A path in it.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root(), .. parts]);

    /// <summary>A text in it.</summary>
    public static string Read(params string[] parts) => File.ReadAllText(PathOf(parts));

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
