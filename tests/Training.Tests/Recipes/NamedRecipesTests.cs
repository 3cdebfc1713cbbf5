using Saccade.Training.Recipes;
using Xunit;

namespace Saccade.Training.Tests.Recipes;

public sealed class NamedRecipesTests
{
    [Fact]
    public void All_EveryRecipe_IsListedByItsOwnName() => Assert.All(NamedRecipes.All, entry => Assert.Equal(entry.Key, entry.Value.Name));

    /// <summary>What architectures.md §3 states of each; what it does not state is not tested here.</summary>
    [Theory]
    [InlineData("googlenet-paper", OptimiserKind.Sgd, 0.01, ScheduleKind.Step, 0.96, 8.0, 2e-4, 0, 0.4, 0.3, null)]
    [InlineData("googlenet-caffe", OptimiserKind.Sgd, 0.01, ScheduleKind.Step, 0.96, 8.0, 2e-4, 0, 0.4, 0.3, null)]
    [InlineData("googlenet-caffe-quick", OptimiserKind.Sgd, 0.01, ScheduleKind.Polynomial, 0.96, 8.0, 2e-4, 0, 0.4, 0.3, null)]
    [InlineData("bn-inception-baseline", OptimiserKind.Sgd, 0.0015, ScheduleKind.Step, 0.96, 8.0, 2e-4, 0, 0.4, 0.3, null)]
    [InlineData("bn-inception-x5", OptimiserKind.Sgd, 0.0075, ScheduleKind.Step, 0.96, 8.0 / 6, 4e-5, 0, 0.0, 0.3, null)]
    [InlineData("bn-inception-paper", OptimiserKind.Sgd, 0.045, ScheduleKind.Step, 0.96, 8.0 / 6, 4e-5, 0, 0.0, 0.3, null)]
    [InlineData("inception-v2-paper", OptimiserKind.Sgd, 0.045, ScheduleKind.Step, 0.94, 2.0, 4e-5, 0, 0.2, 0.4, 2.0)]
    [InlineData("inception-v3-paper", OptimiserKind.RmsProp, 0.045, ScheduleKind.Step, 0.94, 2.0, 4e-5, 0.1, 0.2, 0.4, 2.0)]
    [InlineData("inception-v3-tensorflow", OptimiserKind.RmsProp, 0.1, ScheduleKind.Step, 0.16, 30.0, 4e-5, 0.1, 0.2, 0.4, null)]
    [InlineData("xception-imagenet", OptimiserKind.Sgd, 0.045, ScheduleKind.Step, 0.94, 2.0, 1e-5, 0, 0.5, 0, null)]
    [InlineData("xception-jft", OptimiserKind.RmsProp, 0.001, ScheduleKind.Step, 0.9, null, 1e-5, 0, 0.0, 0, null)]
    public void All_PapersRecipe_HasThePapersValues(
        string name,
        OptimiserKind optimiser,
        double rate,
        ScheduleKind schedule,
        double factor,
        double? period,
        double decay,
        double smoothing,
        double? dropout,
        double side,
        double? clip
    )
    {
        var recipe = NamedRecipes.All[name];

        Assert.Equal((optimiser, rate, 0.9, false), (recipe.Optimiser, recipe.LearningRate, recipe.Momentum, recipe.Nesterov));
        Assert.Equal((schedule, factor, 0), (recipe.Schedule, recipe.StepFactor, recipe.WarmUpEpochs));
        Assert.Equal(period, recipe.StepImages is null ? recipe.StepEpochs : null);
        Assert.Equal((decay, false, smoothing), (recipe.WeightDecay, recipe.DecayBiasAndNorm, recipe.LabelSmoothing));
        Assert.Equal((dropout, side, clip), (recipe.Dropout, recipe.AuxWeight, recipe.ClipNorm));
        Assert.Equal(32, recipe.BatchSize);
    }

    [Fact]
    public void All_RmsProp_HasThePapersConstants() =>
        Assert.Equal((0.9, 1.0), (NamedRecipes.All["inception-v3-paper"].RmsDecay, NamedRecipes.All["inception-v3-paper"].RmsEpsilon));

    [Theory]
    [InlineData("googlenet-paper", CropKind.RandomResized, 0.08, PhotometricKind.Howard, 1, AveragingKind.Polyak)]
    [InlineData("googlenet-caffe", CropKind.Window, 0.7, PhotometricKind.None, 1, AveragingKind.None)]
    [InlineData("bn-inception-paper", CropKind.RandomResized, 0.08, PhotometricKind.Howard, 0.5, AveragingKind.Polyak)]
    [InlineData("inception-v3-paper", CropKind.RandomResized, 0.05, PhotometricKind.Inception, 1, AveragingKind.Ema)]
    [InlineData("xception-imagenet", CropKind.RandomResized, 0.05, PhotometricKind.Inception, 1, AveragingKind.Polyak)]
    public void All_PapersRecipe_HasThePapersImages(
        string name,
        CropKind crop,
        double area,
        PhotometricKind colours,
        double strength,
        AveragingKind average
    )
    {
        var recipe = NamedRecipes.All[name];

        Assert.Equal((crop, area, 4.0 / 3), (recipe.Augmentation.Crop, recipe.Augmentation.MinArea, recipe.Augmentation.MaxAspect));
        Assert.Equal(
            (colours, strength, true),
            (recipe.Augmentation.Photometric, recipe.Augmentation.PhotometricStrength, recipe.Augmentation.Flip)
        );
        Assert.Equal(crop == CropKind.RandomResized, recipe.Augmentation.RandomInterpolation);
        Assert.Equal(average, recipe.Averaging.Kind);
        Assert.True(recipe.Averaging.FromEpoch < recipe.Epochs);
    }

    /// <summary>Crop plans of more than one crop enlarge small images; a network must have seen that.</summary>
    [Fact]
    public void SmallData_Crops_ShowTheImageWholeAndEnlarged()
    {
        var crops = NamedRecipes.All[NamedRecipes.SmallData].Augmentation;

        Assert.Equal(CropKind.ShiftOrResized, crops.Crop);
        Assert.Equal((0.4, 4.0 / 3), (crops.MinArea, crops.MaxAspect));
    }
}
