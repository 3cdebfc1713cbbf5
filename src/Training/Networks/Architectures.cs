namespace Saccade.Training.Networks;

/// <summary>The presets by name.</summary>
public static class Architectures
{
    private static readonly Dictionary<string, Func<NetworkOptions, Network>> Presets = new(StringComparer.Ordinal)
    {
        ["googlenet"] = GoogLeNet.Paper,
        ["googlenet-bn"] = GoogLeNet.Normalised,
        ["inception-v3"] = InceptionV3.Create,
        ["xception"] = Xception.Create,
    };

    /// <summary>Names that <see cref="Create"/> takes, in the order of their papers.</summary>
    public static IReadOnlyList<string> Names => [.. Presets.Keys];

    /// <summary>Builds a preset.</summary>
    /// <exception cref="NetworkException">The name is unknown or an option does not suit it; the message says what would.</exception>
    public static Network Create(string name, NetworkOptions options) =>
        Presets.TryGetValue(name, out var build)
            ? build(options)
            : throw new NetworkException($"unknown architecture '{name}'; known are {string.Join(", ", Names)}");
}
