using System.Globalization;

namespace Saccade.Training.Data;

/// <summary>What opening every file of a listing shows: counts, sizes, what cannot be read, and files that are there twice.</summary>
internal sealed class DataReport
{
    private const int MostListed = 20;
    private const int MostPaths = 5;
    private const int Small = 64;

    private readonly CheckedImage[] _images;
    private readonly CheckedImage[] _unreadable;
    private readonly Duplicates[] _duplicates;

    private DataReport(ImageListing listing, CheckedImage[] images)
    {
        _images = images;
        _unreadable = [.. images.Where(image => image.Problem is not null)];
        _duplicates = Duplicates.Among(images);
        Listing = listing with { Unreadable = _unreadable.Select(image => image.Image.Path).ToHashSet(StringComparer.Ordinal) };
    }

    /// <summary>The listing, which knows now what cannot be read.</summary>
    public ImageListing Listing { get; }

    /// <summary>Images that cannot be read.</summary>
    public int Unreadable => _unreadable.Length;

    /// <summary>Files that are there in two classes or two parts.</summary>
    public int Contradictions => _duplicates.Count(same => same.InTwoClasses || same.InTwoParts);

    /// <summary>Opens every file.</summary>
    public static DataReport Of(ImageListing listing, TimeProvider clock, Action<string> say) =>
        new(listing, FileCheck.Run(listing.Images, clock, say));

    /// <summary>Tells what stands in the way of training, a line each.</summary>
    /// <param name="skipUnreadable">Whether to go on without images that cannot be read.</param>
    /// <param name="say">Told the lines.</param>
    /// <exception cref="InvalidDataException">There are such images, and it is not to go on without them.</exception>
    public void TellProblems(bool skipUnreadable, Action<string> say)
    {
        FileCheck.Tell(_unreadable, say);
        if (_unreadable.Length > 0 && !skipUnreadable)
        {
            throw new InvalidDataException(
                $"{_unreadable.Length} of {_images.Length} images cannot be read; mend or remove them, or go on without them by "
                    + "--skip-unreadable."
            );
        }

        if (_unreadable.Length > 0)
            say($"going on without {_unreadable.Length} of {_images.Length} images");
        if (_duplicates.Length > 0)
        {
            var (classes, parts) = (_duplicates.Count(same => same.InTwoClasses), _duplicates.Count(same => same.InTwoParts));
            say(
                $"warning: {Plural.Of(_duplicates.Length, "file")} more than once, {classes} in two classes and {parts} in two parts; "
                    + "data check names them"
            );
        }
    }

    /// <summary>Tells everything, a line each.</summary>
    public void Tell(Action<string> say)
    {
        var megabytes = string.Create(CultureInfo.InvariantCulture, $"{_images.Sum(image => image.Bytes) / 1e6:N1} MB");
        say(
            $"{Plural.Of(_images.Length, "image")} of {Listing.Labels.Count} classes, {megabytes}"
                + (_unreadable.Length == 0 ? "" : $"; {_unreadable.Length} cannot be read and are not counted here:")
        );
        foreach (var line in ClassCounts.Of(Listing).ToLines())
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
