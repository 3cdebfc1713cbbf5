using Saccade.Training.Recipes;
using Xunit;

namespace Saccade.Training.Tests.Recipes;

public sealed class NamedRecipesTests
{
    [Fact]
    public void All_EveryRecipe_IsListedByItsOwnName() =>
        Assert.All(NamedRecipes.All, entry => Assert.Equal(entry.Key, entry.Value.Name));

    /// <summary>Crop plans of more than one look enlarge small pictures; a network must have seen that.</summary>
    [Fact]
    public void SmallData_Crops_ShowThePictureWholeAndEnlarged()
    {
        var crops = NamedRecipes.All[NamedRecipes.SmallData].Augmentation;

        Assert.Equal(CropKind.ShiftOrResized, crops.Crop);
        Assert.Equal((0.4, 4.0 / 3), (crops.MinArea, crops.MaxAspect));
    }
}
