using Saccade.Training.Data;

namespace Saccade.Training.Tuning;

/// <summary>The held-out part in two: on one half numbers are fitted, on the other they are measured.</summary>
/// <param name="Fitted">Images that numbers are fitted to.</param>
/// <param name="Measured">Images that they are measured on.</param>
internal sealed record Halves(IReadOnlyList<int> Fitted, IReadOnlyList<int> Measured)
{
    /// <summary>How it is done, for figures to be read by.</summary>
    public const string Rule = "of the held-out part every second image of each class was fitted to, the others were measured on";

    /// <summary>Deals the images of each class in turn to the one and the other.</summary>
    /// <exception cref="InvalidDataException">There are too few.</exception>
    public static Halves Of(IImageSource source)
    {
        List<int>[] halves =
        [
            [],
            [],
        ];
        var next = new Dictionary<int, int>();
        for (var image = 0; image < source.Count; image++)
        {
            var label = source.LabelOf(image);
            var turn = next.GetValueOrDefault(label);
            halves[turn % 2].Add(image);
            next[label] = turn + 1;
        }

        return halves[1].Count > 0
            ? new(halves[0], halves[1])
            : throw new InvalidDataException("There are too few held-out images to fit to half of them and measure on the others.");
    }
}
