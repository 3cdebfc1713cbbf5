namespace Saccade.EndToEnd.Tests.Support;

/// <summary>Programs of the system.</summary>
public static class Tools
{
    // Debian keeps daemons out of an ordinary user's PATH.
    private static readonly string[] Folders =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'),
        "/usr/sbin",
        "/usr/local/sbin",
    ];

    /// <summary>Full path of a program, or null if it is not installed.</summary>
    public static string? Find(string name) =>
        Folders.Where(folder => folder.Length > 0).Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Why a test that needs these programs cannot run; null if it can.</summary>
    public static string? Missing(params string[] names) =>
        names.Where(name => Find(name) is null).ToArray() is { Length: > 0 } missing
            ? $"Not installed: {string.Join(", ", missing)} (eng/bootstrap all installs it)."
            : null;

    /// <summary>Full path of a program that is installed.</summary>
    public static string Path(string name) => Find(name) ?? throw new FileNotFoundException($"{name} is not installed.");
}
