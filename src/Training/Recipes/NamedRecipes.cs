namespace Saccade.Training.Recipes;

/// <summary>The recipes that <c>train --recipe</c> knows. docs/training.md shows them side by side, with the source of each value.</summary>
public static class NamedRecipes
{
    /// <summary>For tens of thousands of small pictures and about an hour on a few cores.</summary>
    public const string SmallData = "small-data";

    /// <summary>GoogLeNet's own, as far as the paper says; the rest from its Caffe reproduction (architectures.md §3.1).</summary>
    public const string GoogLeNetPaper = "googlenet-paper";

    /// <summary>All recipes by name.</summary>
    public static IReadOnlyDictionary<string, Recipe> All { get; } = List().ToDictionary(recipe => recipe.Name, StringComparer.Ordinal);

    private static IEnumerable<Recipe> List() =>
    [
        new()
        {
            Name = SmallData,
            LabelSmoothing = 0.05,
            // The plans of 10, 12 and 144 crops look at enlarged pictures, so training shows them too.
            Augmentation = new() { Crop = CropKind.ShiftOrResized, MinArea = 0.4 },
        },
        .. GoogLeNetRecipes.All,
        .. BatchNormInceptionRecipes.All,
        .. InceptionRecipes.All,
        .. XceptionRecipes.All,
    ];
}
