using Saccade.Training.Networks.Layers;
using Saccade.Training.Networks.Variants;

namespace Saccade.Training.Networks;

/// <summary>What can be chosen about an architecture.</summary>
public sealed record NetworkOptions
{
    /// <summary>The largest input, the same as in a bundle's manifest.</summary>
    public const int MaxInput = 4096;

    /// <summary>Number of classes.</summary>
    /// <value>Default 1000, ImageNet's; at least 2.</value>
    public int Classes { get; init; } = 1000;

    /// <summary>Multiplies every channel count and hidden layer; counts are rounded to the nearest multiple of 8, at least 8.</summary>
    /// <value>Default 1, the published widths; above 0 and at most 4.</value>
    public double Width { get; init; } = 1;

    /// <summary>Rows and columns of the input in pixels.</summary>
    /// <value>Default null, the published size.</value>
    public int? Input { get; init; }

    /// <summary>How far the image is shrunk before the first blocks.</summary>
    /// <value>Default null, by the input's size.</value>
    public Stem? Stem { get; init; }

    /// <summary>Whether the auxiliary classifiers are built; they are used while training only.</summary>
    /// <value>Default true; a variant that has none still has none.</value>
    public bool Aux { get; init; } = true;

    /// <summary>Share dropped before the classifier.</summary>
    /// <value>Default null, the variant's; in [0, 1).</value>
    public double? Dropout { get; init; }

    /// <summary>Which implementation's network, such as <c>torchvision</c>.</summary>
    /// <value>Default null, the preset's first variant.</value>
    public string? Variant { get; init; }

    /// <summary>Traits in place of the variant's.</summary>
    /// <value>Default none.</value>
    public TraitSet Traits { get; init; } = TraitSet.Empty;

    /// <summary>A published channel count, scaled by <see cref="Width"/>.</summary>
    /// <param name="published">At width 1.</param>
    /// <param name="multiple">What it is rounded to a multiple of, and at least.</param>
    public int Channels(int published, int multiple = 8) =>
        Math.Max(multiple, (int)Math.Round(published * Width / multiple, MidpointRounding.AwayFromZero) * multiple);

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="NetworkException">An option is out of range; the message names all that are.</exception>
    public void Validate(string architecture, int minInput)
    {
        List<string> errors = [];
        if (Classes < 2)
            errors.Add($"classes {Classes} is less than 2");
        if (Width is not (> 0 and <= 4))
            errors.Add($"width {Width} is not above 0 and at most 4");
        if (Input < minInput)
            errors.Add($"input {Input} is less than {minInput} pixels");
        if (Input > MaxInput)
            errors.Add($"input {Input} is more than {MaxInput} pixels");
        if (Dropout is not (null or (>= 0 and < 1)))
            errors.Add("dropout is not at least 0 and less than 1");

        if (errors.Count > 0)
            throw new NetworkException($"{architecture}: {string.Join("; ", errors)}");
    }
}
