using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <summary>A network by name, with the variants of it that are known.</summary>
/// <param name="Name">Such as <c>googlenet-bn</c>.</param>
/// <param name="Pixels">Rows and columns of the published input.</param>
/// <param name="MinPixels">The smallest input.</param>
/// <param name="Variants">The first is what is built where none is named. All have the same traits.</param>
/// <param name="StemFor">The stem for an input where none is named.</param>
/// <param name="Build">From what was chosen to the graph.</param>
public sealed record Preset(
    string Name,
    int Pixels,
    int MinPixels,
    IReadOnlyList<Variant> Variants,
    Func<int, Stem> StemFor,
    Func<NetworkPlan, Network> Build
)
{
    /// <summary>Builds the network.</summary>
    /// <exception cref="NetworkException">An option does not suit it; the message says which.</exception>
    public Network Create(NetworkOptions options)
    {
        options.Validate(Name, MinPixels);
        var variant = options.Variant is { } name
            ? Variants.FirstOrDefault(variant => variant.Name == name)
                ?? throw new NetworkException(
                    $"{Name}: no variant '{name}'; known are {string.Join(", ", Variants.Select(known => known.Name))}"
                )
            : Variants[0];
        if (
            options.Traits.Where(value => !variant.Traits.Has(value.Trait)).Select(value => value.Trait.Name).ToArray() is
            { Length: > 0 } foreign
        )
            throw new NetworkException(
                $"{Name} has no {string.Join(", ", foreign)}; it has {string.Join(", ", variant.Traits.Select(value => value.Trait.Name))}"
            );

        var pixels = options.Input ?? Pixels;
        return Build(new NetworkPlan(Name, pixels, options.Stem ?? StemFor(pixels), variant, variant.Traits.With(options.Traits), options));
    }
}
