using System.Text.Json.Serialization;

namespace Saccade.Inference.Bundles;

/// <summary>A plan of crops in the manner of GoogLeNet §7: squares of the image at several sizes, and views of each square.</summary>
/// <remarks>
/// Written by hand, in a manifest or in the configuration: see docs/model-bundle.md. Its properties can be set because generated JSON code
/// gives those that can only be initialised no default.
/// </remarks>
public sealed record CropPlanSpec
{
    /// <summary>The input that <see cref="Scales"/> are given for, in pixels.</summary>
    public const int PaperInput = 224;

    private const int LargestScale = 10 * PaperInput;

    // A quarter of the input: what is reflected is then always in the crop, too.
    private const int LargestPadding = PaperInput / 4;

    /// <summary>Shorter sides that the image is resized to, for an input of 224 pixels; another input has them in proportion.</summary>
    /// <value>At least one, 224 to 2240 each.</value>
    public IReadOnlyList<int> Scales { get; set; } = [];

    /// <summary>Squares cut from the image at each size: 1 is the middle one, 3 are both ends of the longer side and the middle.</summary>
    /// <value>The default is 1.</value>
    public int Squares { get; set; } = 1;

    /// <summary>
    /// Views of each square: 1 is its centre, 3 are its top left and bottom right corner and its centre, 5 are all corners and its centre,
    /// 6 are these and the whole square resized to the input.
    /// </summary>
    /// <value>The default is 6.</value>
    public int Views { get; set; } = 6;

    /// <summary>
    /// By how much each square is enlarged on every side, for an input of 224 pixels; another input has it in proportion. Beyond the image
    /// lies its reflection. With it views of an image that is no larger than the input can be shifted, as in training.
    /// </summary>
    /// <value>0 to 56; the default is 0.</value>
    public int Padding { get; set; }

    /// <summary>Whether each view is taken mirrored too.</summary>
    /// <value>The default is true.</value>
    public bool Mirror { get; set; } = true;

    /// <summary>How many crops the plan has: the number by which it is asked for.</summary>
    [JsonIgnore]
    public int Count => Scales.Count * Squares * Views * (Mirror ? 2 : 1);

    /// <summary>What is wrong with it, one phrase each; empty when it is sound.</summary>
    /// <param name="name">The number it is asked for by.</param>
    internal IEnumerable<string> Problems(string name)
    {
        if (!CropMode.TryParse(name, out var mode) || mode.IsAuto || mode == CropMode.Single)
            yield return $"must be named by its number of crops, 2 to {CropMode.MaxCrops}";
        else if (mode.Crops != Count)
            yield return $"has scales × squares × views × mirror = {Count} crops, not {name}";
        if (Scales.Count == 0 || Scales.Any(scale => scale is < PaperInput or > LargestScale) || Scales.Distinct().Count() != Scales.Count)
            yield return $"needs scales from {PaperInput} to {LargestScale}, all different";
        if (Squares is not (1 or 3))
            yield return "needs 1 or 3 squares";
        if (Views is not (1 or 3 or 5 or 6))
            yield return "needs 1, 3, 5 or 6 views";
        if (Padding is < 0 or > LargestPadding)
            yield return $"needs padding from 0 to {LargestPadding}";
    }
}
