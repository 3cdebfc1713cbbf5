using Saccade.Bench.Processes;

namespace Saccade.EndToEnd.Tests.Support;

/// <summary>The held-out images shipped with the trained model: <c>&lt;class-name&gt;-&lt;n&gt;.png</c>.</summary>
public static class Samples
{
    /// <summary>Every sample's path.</summary>
    public static IReadOnlyList<string> All { get; } =
    [.. Directory.GetFiles(Checkout.PathOf("samples", "fashion-mnist"), "*.png").Order(StringComparer.Ordinal)];

    /// <summary>The bytes of one.</summary>
    public static byte[] One { get; } = File.ReadAllBytes(All[0]);

    /// <summary>The class that a file name tells, comparable with <see cref="Slug"/> of a label.</summary>
    public static string ClassOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return name[..name.LastIndexOf('-')];
    }

    /// <summary>A label as it stands in a file name: lower case, a hyphen for whatever is no letter or digit.</summary>
    public static string Slug(string label) =>
        string.Join(
            '-',
            new string([.. label.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]).Split(
                ' ',
                StringSplitOptions.RemoveEmptyEntries
            )
        );
}
