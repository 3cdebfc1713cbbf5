using Saccade.Training.Networks;

namespace Saccade.Training.Weights;

/// <summary>The networks in the form that published weights were trained in, with the published front at any size.</summary>
internal static class PublishedNetworks
{
    /// <summary>Builds the one that torch weights belong to.</summary>
    /// <exception cref="NetworkException">There is no such network, or an option does not suit it.</exception>
    public static Network ForTorch(string architecture, int classes, int? input, bool sideHeads) =>
        Build(architecture, ["torchvision", "timm", "cadene"], classes, input, sideHeads);

    /// <summary>Builds the one that Keras's weights belong to.</summary>
    /// <exception cref="NetworkException">There is no such network, or an option does not suit it.</exception>
    public static Network ForKeras(string architecture, int classes, int? input) =>
        Build(architecture, ["keras"], classes, input, sideHeads: false);

    private static Network Build(string architecture, string[] variants, int classes, int? input, bool sideHeads)
    {
        var known = Architectures.All.FirstOrDefault(preset => preset.Name == architecture)?.Variants.Select(variant => variant.Name).ToArray() ?? [];
        return Architectures.Create(architecture, new NetworkOptions
        {
            Classes = classes,
            Input = input,
            Stem = Stem.Full,
            Aux = sideHeads,
            Variant = variants.FirstOrDefault(known.Contains),
        });
    }
}
