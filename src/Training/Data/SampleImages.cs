using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Saccade.Training.Data;

/// <summary>Writes held-out images as files, to try a served model with.</summary>
public static class SampleImages
{
    /// <summary>
    /// Deals images to the classes in turn: the first of every class, then the second, and so on, in the order of the
    /// held-out part. The rule is fixed, so nobody can have picked the easy ones.
    /// </summary>
    /// <param name="data">The data set.</param>
    /// <param name="folder">Created if need be.</param>
    /// <param name="count">How many images in all.</param>
    /// <returns>The files written.</returns>
    public static IReadOnlyList<string> Write(DataSet data, string folder, int count)
    {
        ArgumentNullException.ThrowIfNull(data);
        Directory.CreateDirectory(folder);
        var chosen = Enumerable
            .Range(0, data.HeldOut.Count)
            .GroupBy(data.HeldOut.LabelOf)
            .SelectMany(members => members.Select((index, round) => (Index: index, Label: members.Key, Round: round)))
            .OrderBy(sample => sample.Round)
            .ThenBy(sample => sample.Label)
            .Take(count);
        List<string> files = [];
        foreach (var (index, label, round) in chosen)
        {
            var file = Path.Combine(folder, $"{FileName(data.Labels[label])}-{round + 1}.png");
            using var image = data.HeldOut.Load(index);
            using var png = Image.LoadPixelData<Rgb24>(image.Pixels, image.Width, image.Height);
            png.SaveAsPng(file);
            files.Add(file);
        }

        return files;
    }

    /// <summary>A class's name as part of a file name: lower case, one hyphen for every run of other characters.</summary>
    internal static string FileName(string label)
    {
        var letters = label.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        return string.Join('-', string.Concat(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
    }
}
