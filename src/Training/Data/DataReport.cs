using System.Globalization;

namespace Saccade.Training.Data;

/// <summary>What <c>data check</c> finds in labelled image files: counts, sizes, what cannot be read, and files that are there
/// twice.</summary>
internal sealed class DataReport
{
    private const int MostListed = 20;
    private const int MostPaths = 5;
    private const int Small = 64;

    private readonly ImageListing _listing;
    private readonly CheckedImage[] _images;
    private readonly CheckedImage[] _unreadable;
    private readonly Duplicates[] _duplicates;

    private DataReport(ImageListing listing, CheckedImage[] images)
    {
        (_listing, _images) = (listing, images);
        _unreadable = [.. images.Where(image => image.Problem is not null)];
        _duplicates = Duplicates.Among(images);
    }

    /// <summary>The images that can be read.</summary>
    public ImageListing Readable =>
        _listing with
        {
            Images = [.. _images.Where(image => image.Problem is null).Select(image => image.Image)],
        };

    /// <summary>Images that cannot be read.</summary>
    public int Unreadable => _unreadable.Length;

    /// <summary>Files that are there in two classes or two parts.</summary>
    public int Contradictions => _duplicates.Count(same => same.InTwoClasses || same.InTwoParts);

    /// <summary>Opens every file.</summary>
    public static DataReport Of(ImageListing listing, TimeProvider clock, Action<string> say) =>
        new(listing, FileCheck.Run(listing.Images, clock, say));

    /// <summary>Tells everything, a line each.</summary>
    public void Tell(Action<string> say)
    {
        var megabytes = string.Create(CultureInfo.InvariantCulture, $"{_images.Sum(image => image.Bytes) / 1e6:N1} MB");
        say(
            $"{Plural.Of(_images.Length, "image")} of {_listing.Labels.Count} classes, {megabytes}"
                + (_unreadable.Length == 0 ? "" : $"; {_unreadable.Length} cannot be read and are not counted here:")
        );
        foreach (var line in ClassCounts.Of(Readable).ToLines())
            say(line);
        TellSizes(say);
        FileCheck.Tell(_unreadable, say);
        Tell("in two classes, of which one must be wrong", _duplicates.Where(same => same.InTwoClasses), say);
        Tell(
            "in two parts, so that what is measured on was learnt from",
            _duplicates.Where(same => same is { InTwoParts: true, InTwoClasses: false }),
            say
        );
        Tell("in one class", _duplicates.Where(same => same is { InTwoParts: false, InTwoClasses: false }), say);
    }

    private void TellSizes(Action<string> say)
    {
        int[] sides = [.. _images.Where(image => image.Problem is null).Select(image => Math.Min(image.Width, image.Height)).Order()];
        if (sides.Length == 0)
            return;
        var small = sides.Count(side => side < Small);
        say(
            $"shorter sides: {sides[0]} to {sides[^1]} pixels, half of them up to {sides[(sides.Length - 1) / 2]}"
                + (small > 0 ? $"; {small} are below {Small}" : "")
        );
    }

    private static void Tell(string what, IEnumerable<Duplicates> groups, Action<string> say)
    {
        Duplicates[] all = [.. groups];
        if (all.Length == 0)
            return;
        say($"{Plural.Of(all.Length, "file")} more than once {what}:");
        foreach (var same in all.Take(MostListed))
            say($"  {string.Join(" = ", same.Images.Take(MostPaths).Select(image => image.Path))}{More(same.Images.Count - MostPaths)}");
        if (all.Length > MostListed)
            say($" {More(all.Length - MostListed)}");
    }

    private static string More(int count) => count > 0 ? $" … and {count} more" : "";
}
