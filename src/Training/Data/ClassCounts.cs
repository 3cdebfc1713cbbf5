using System.Globalization;

namespace Saccade.Training.Data;

/// <summary>How many images of each class each part has.</summary>
/// <param name="Labels">Class names by index.</param>
/// <param name="Parts">Names of the parts, and their images by class.</param>
internal sealed record ClassCounts(IReadOnlyList<string> Labels, IReadOnlyList<(string Name, int[] Images)> Parts)
{
    private const int WidestLabel = 40;

    /// <summary>Counts a data set.</summary>
    public static ClassCounts Of(DataSet data) =>
        new(
            data.Labels,
            [
                .. data.Parts()
                    .Select(part =>
                        (part.Name, Count(data.Labels.Count, Enumerable.Range(0, part.Images.Count).Select(part.Images.LabelOf)))
                    ),
            ]
        );

    /// <summary>Counts the images of a listing that can be read; they may belong to no part yet.</summary>
    public static ClassCounts Of(ImageListing listing) =>
        new(
            listing.Labels,
            [
                .. listing
                    .Readable.GroupBy(image => image.Part)
                    .OrderBy(part => part.Key)
                    .Select(part =>
                        (
                            part.Key is { } name ? DataPartNames.Of(name) : "images",
                            Count(listing.Labels.Count, part.Select(image => image.Label))
                        )
                    ),
            ]
        );

    /// <summary>The table: a heading, a line for each class, and the sums.</summary>
    /// <param name="most">Most lines of classes; of more, the smallest are shown.</param>
    public IEnumerable<string> ToLines(int most = int.MaxValue)
    {
        int[] shown = [.. Enumerable.Range(0, Labels.Count)];
        if (Labels.Count > most)
        {
            shown = [.. shown.OrderBy(label => Parts.Sum(part => part.Images[label])).Take(most)];
            yield return $"{Labels.Count:N0} classes; the {most} with the fewest images are";
        }

        var width = Math.Min(WidestLabel, shown.Select(label => Labels[label].Length).Append("class".Length).Max());
        yield return Line("class", Parts.Select(part => part.Name));
        foreach (var label in shown)
            yield return Line(Labels[label], Parts.Select(part => Number(part.Images[label])));
        yield return Line("all", Parts.Select(part => Number(part.Images.Sum())));

        string Line(string name, IEnumerable<string> cells) =>
            $"  {name.PadRight(width)}{string.Concat(cells.Select(cell => $"{cell, 10}"))}";
    }

    private static string Number(int images) => images.ToString("N0", CultureInfo.InvariantCulture);

    private static int[] Count(int classes, IEnumerable<int> labels)
    {
        var counts = new int[classes];
        foreach (var label in labels)
            counts[label]++;
        return counts;
    }
}
