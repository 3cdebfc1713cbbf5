namespace Saccade.Training.Weights;

/// <summary>What keeps a file's tensors from being a network's, in one message that can be read: the first of each kind, the rest
/// counted.</summary>
internal sealed class Misfit
{
    private const int Candidates = 2;
    private const int Listed = 3;
    private const int LongestName = 100;

    private readonly List<(string Name, string Shape)> _missing = [];
    private readonly List<(string Name, string Shape)> _unknown = [];
    private readonly List<string> _shapes = [];

    /// <summary>A tensor that the network has and the file lacks.</summary>
    public void Missing(string name, IEnumerable<long> shape) => _missing.Add((Short(name), StoredTensor.Text(shape)));

    /// <summary>A tensor that the file has and the network lacks.</summary>
    public void Unknown(StoredTensor tensor) => _unknown.Add((Short(tensor.Name), tensor.ShapeText));

    /// <summary>A tensor that both have, in different shapes.</summary>
    public void OtherShape(StoredTensor tensor, IEnumerable<long> wanted) =>
        _shapes.Add($"{Short(tensor.Name)} is {tensor.ShapeText} in the file and {StoredTensor.Text(wanted)} in the network");

    /// <summary>Refuses the file if anything was noted.</summary>
    /// <param name="architecture">The network's name.</param>
    /// <param name="inNetwork">All names of the network.</param>
    /// <param name="inFile">All names of the file.</param>
    /// <exception cref="InvalidDataException">Something was.</exception>
    public void Throw(string architecture, IEnumerable<string> inNetwork, IEnumerable<string> inFile)
    {
        if (_missing.Count + _unknown.Count + _shapes.Count == 0)
            return;

        // What fits nothing on the other side is the likelier answer; only then what has a place already.
        var (unused, used) = (NameSimilarity.Prepare(_unknown.Select(one => one.Name)), NameSimilarity.Prepare(inFile.Select(Short)));
        var (open, filled) = (NameSimilarity.Prepare(_missing.Select(one => one.Name)), NameSimilarity.Prepare(inNetwork));
        var parts = new List<string>();
        if (_shapes.Count > 0)
            parts.Add($"{Count(_shapes.Count, "tensor")} of another shape: {List(_shapes, shape => shape)}");
        if (_missing.Count > 0)
            parts.Add($"{Count(_missing.Count, "tensor")} missing in the file: {List(_missing, one => Line(one, unused, used))}");
        if (_unknown.Count > 0)
            parts.Add($"{Count(_unknown.Count, "tensor")} unknown to the network: {List(_unknown, one => Line(one, open, filled))}");
        throw new InvalidDataException($"the weights are not those of {architecture}. {string.Join(". ", parts)}.");
    }

    private static string List<T>(List<T> all, Func<T, string> line) =>
        $"{string.Join("; ", all.Take(Listed).Select(line))}{(all.Count > Listed ? $"; and {all.Count - Listed} more" : "")}";

    private static string Short(string name) => name.Length <= LongestName ? name : $"{name[..LongestName]}…";

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Line(
        (string Name, string Shape) one,
        IReadOnlyList<(string Name, int[] Pairs)> free,
        IReadOnlyList<(string Name, int[] Pairs)> taken
    )
    {
        var nearest = NameSimilarity.Nearest(one.Name, free.Count > 0 ? free : taken, Candidates).ToArray();
        return nearest.Length == 0 ? $"{one.Name} {one.Shape}" : $"{one.Name} {one.Shape} (nearest: {string.Join(", ", nearest)})";
    }
}
