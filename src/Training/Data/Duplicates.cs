namespace Saccade.Training.Data;

/// <summary>Files with the same bytes.</summary>
/// <param name="Images">At least two.</param>
internal sealed record Duplicates(IReadOnlyList<ListedImage> Images)
{
    /// <summary>Whether they have different classes, of which one must be wrong.</summary>
    public bool InTwoClasses => Images.Any(image => image.Label != Images[0].Label);

    /// <summary>Whether they are in different parts: what is measured on was learnt from.</summary>
    public bool InTwoParts => Images.Any(image => image.Part != Images[0].Part);

    /// <summary>All of them among some images that can be read.</summary>
    public static Duplicates[] Among(IEnumerable<CheckedImage> images) =>
        [
            .. images
                .Where(image => image.Problem is null)
                .GroupBy(image => image.Hash)
                .Where(same => same.Skip(1).Any())
                .Select(same => new Duplicates([.. same.Select(image => image.Image)])),
        ];
}
