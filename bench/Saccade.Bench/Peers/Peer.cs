namespace Saccade.Bench.Peers;

/// <summary>What a user might run in place of this service, in one of its settings.</summary>
/// <param name="Name">Folder name, with the settings if they are not the default ones.</param>
/// <param name="Folder">Holds <c>start.sh</c>.</param>
/// <param name="Settings">Laid over its environment.</param>
internal sealed record Peer(string Name, string Folder, IReadOnlyDictionary<string, string?> Settings)
{
    /// <summary>The script that becomes the peer's process; it ends with <see cref="Unavailable"/> where what it needs is not
    /// installed.</summary>
    public const string StartScript = "start.sh";

    /// <summary>Exit code of a start script that misses something (EX_UNAVAILABLE).</summary>
    public const int Unavailable = 69;

    private const string VariantsFile = "variants";

    /// <summary>
    /// Every peer of a folder: each subfolder with a <c>start.sh</c>, once as it is and once for each line of its file <c>variants</c>
    /// (<c>INTRA=1</c>), by name.
    /// </summary>
    public static IReadOnlyList<Peer> In(string folder) =>
        [
            .. from peer in Directory.GetDirectories(folder).Order(StringComparer.Ordinal)
            where File.Exists(Path.Combine(peer, StartScript))
            from variant in Variants(peer)
            select new Peer(Path.GetFileName(peer) + (variant.Length == 0 ? "" : " " + variant), peer, SettingsOf(variant)),
        ];

    private static IEnumerable<string> Variants(string peer)
    {
        var file = Path.Combine(peer, VariantsFile);
        return File.Exists(file) ? File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0).Prepend("") : [""];
    }

    private static Dictionary<string, string?> SettingsOf(string variant) =>
        variant
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(setting => setting.Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts.ElementAtOrDefault(1), StringComparer.Ordinal);
}
