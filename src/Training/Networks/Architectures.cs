using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Networks;

/// <summary>The presets by name.</summary>
public static class Architectures
{
    /// <summary>In the order of their papers.</summary>
    public static IReadOnlyList<Preset> All { get; } =
    [GoogLeNet.Paper, GoogLeNet.Normalised, BnInception.Preset, InceptionV2.Preset, InceptionV3.Preset, Xception.Preset];

    /// <summary>Names that <see cref="Create"/> takes.</summary>
    public static IReadOnlyList<string> Names => [.. All.Select(preset => preset.Name)];

    /// <summary>Builds a preset.</summary>
    /// <exception cref="NetworkException">The name is unknown or an option does not suit it; the message says what would.</exception>
    public static Network Create(string name, NetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return (
            All.FirstOrDefault(preset => preset.Name == name)
            ?? throw new NetworkException($"unknown architecture '{name}'; known are {string.Join(", ", Names)}")
        ).Create(options);
    }
}
