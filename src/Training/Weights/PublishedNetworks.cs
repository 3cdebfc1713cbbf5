using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;

namespace Saccade.Training.Weights;

/// <summary>The networks in the form that published weights were trained in, with the published front at any size.</summary>
internal static class PublishedNetworks
{
    private const string Keras = "keras";

    /// <summary>Builds the one that torch weights belong to.</summary>
    /// <exception cref="NetworkException">There is no such network, or an option does not suit it.</exception>
    public static Network ForTorch(string architecture, int classes, int? input, bool aux) =>
        Build(architecture, ["torchvision", "timm", "cadene"], classes, input, aux);

    /// <summary>Builds the one that Keras's weights belong to.</summary>
    /// <exception cref="InvalidDataException">Keras has no such application.</exception>
    /// <exception cref="NetworkException">There is no such network, or an option does not suit it.</exception>
    public static Network ForKeras(string architecture, int classes, int? input)
    {
        var applications = Architectures.Names.Where(name => Variants(name).Contains(Keras)).ToArray();
        return applications.Contains(architecture) || !Architectures.Names.Contains(architecture)
            ? Build(architecture, [Keras], classes, input, aux: false)
            : throw new InvalidDataException(
                $"it is a file of Keras, which has no {architecture}; its {string.Join(" and ", applications)} are read"
            );
    }

    private static Network Build(string architecture, string[] variants, int classes, int? input, bool aux)
    {
        var known = Variants(architecture);
        return Architectures.Create(
            architecture,
            new NetworkOptions
            {
                Classes = classes,
                Input = input,
                Stem = Stem.Full,
                Aux = aux,
                Variant = variants.FirstOrDefault(known.Contains),
            }
        );
    }

    private static string[] Variants(string architecture) =>
        Architectures.All.FirstOrDefault(preset => preset.Name == architecture)?.Variants.Select(variant => variant.Name).ToArray() ?? [];
}
