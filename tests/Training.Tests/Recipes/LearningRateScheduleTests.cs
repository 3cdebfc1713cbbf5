using Saccade.Training.Recipes;
using Xunit;

namespace Saccade.Training.Tests.Recipes;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void At_StepSchedule_FallsByTheFactorEveryEightEpochs()
    {
        var recipe = NamedRecipes.All[NamedRecipes.GoogLeNetPaper];
        LearningRateSchedule schedule = new(recipe, stepsPerEpoch: 10, imagesPerEpoch: 320);

        Assert.Equal(0.01, schedule.At(0), 1e-15);
        Assert.Equal(0.01, schedule.At(79), 1e-15);
        Assert.Equal(0.01 * 0.96, schedule.At(80), 1e-15);
        Assert.Equal(0.01 * Math.Pow(0.96, 31), schedule.At(2_499), 1e-15);
    }

    [Fact]
    public void At_StepInImages_FallsWhateverTheDataSetsSize()
    {
        var recipe = NamedRecipes.All["xception-jft"];

        // Three million images are 50 epochs of 60,000, of 469 steps each.
        LearningRateSchedule schedule = new(recipe, stepsPerEpoch: 469, imagesPerEpoch: 60_000);

        Assert.Equal(0.001, schedule.At((50 * 469) - 1), 1e-15);
        Assert.Equal(0.0009, schedule.At(50 * 469), 1e-15);
        Assert.Equal(0.00081, schedule.At(100 * 469), 1e-15);
    }

    [Fact]
    public void At_Exponential_MeetsTheStepsWhereTheyFallAndIsSmoothBetween()
    {
        Recipe recipe = new()
        {
            Name = "test",
            LearningRate = 1,
            WarmUpEpochs = 0,
            Schedule = ScheduleKind.Exponential,
            StepFactor = 0.25,
            StepEpochs = 2,
        };
        LearningRateSchedule schedule = new(recipe, stepsPerEpoch: 10, imagesPerEpoch: 320);

        Assert.Equal(1, schedule.At(0), 1e-15);
        Assert.Equal(0.5, schedule.At(10), 1e-15);
        Assert.Equal(0.25, schedule.At(20), 1e-15);
        Assert.Equal(Math.Pow(0.25, 0.05), schedule.At(1), 1e-15);
    }

    [Fact]
    public void At_Polynomial_IsTheRootOfWhatIsLeft()
    {
        LearningRateSchedule schedule = new(NamedRecipes.All["googlenet-caffe-quick"], stepsPerEpoch: 10, imagesPerEpoch: 320);

        Assert.Equal(0.01, schedule.At(0), 1e-15);
        Assert.Equal(0.01 * Math.Sqrt(0.5), schedule.At(300), 1e-15);
        Assert.Equal(0.01 * Math.Sqrt(1 / 600.0), schedule.At(599), 1e-12);
        Assert.Equal(0, schedule.At(600));
    }

    [Fact]
    public void At_Linear_IsATriangle()
    {
        Recipe recipe = new()
        {
            Name = "test",
            LearningRate = 0.4,
            WarmUpEpochs = 2,
            Epochs = 10,
            Schedule = ScheduleKind.Linear,
        };
        LearningRateSchedule schedule = new(recipe, stepsPerEpoch: 10, imagesPerEpoch: 320);

        Assert.Equal(0.2, schedule.At(9), 1e-15);
        Assert.Equal(0.4, schedule.At(20), 1e-15);
        Assert.Equal(0.2, schedule.At(60), 1e-15);
        Assert.Equal(0.4 / 80, schedule.At(99), 1e-15);
        Assert.Equal(0, schedule.At(100));
    }

    [Fact]
    public void At_WarmUp_RisesEvenlyToTheFullRate()
    {
        LearningRateSchedule schedule = new(
            new Recipe
            {
                Name = "test",
                LearningRate = 0.4,
                WarmUpEpochs = 2,
                Epochs = 10,
            },
            stepsPerEpoch: 2,
            imagesPerEpoch: 320
        );

        Assert.Equal([0.1, 0.2, 0.3, 0.4], Enumerable.Range(0, 4).Select(step => Math.Round(schedule.At(step), 12)));
        Assert.Equal(0.4, schedule.At(4), 1e-12);
    }

    [Fact]
    public void At_Cosine_IsHalfInTheMiddleAndNearZeroAtTheEnd()
    {
        LearningRateSchedule schedule = new(
            new Recipe
            {
                Name = "test",
                LearningRate = 1,
                WarmUpEpochs = 0,
                Epochs = 4,
            },
            stepsPerEpoch: 100,
            imagesPerEpoch: 320
        );
        var rates = Enumerable.Range(0, 400).Select(step => schedule.At(step)).ToArray();

        Assert.Equal(1, rates[0], 1e-12);
        Assert.Equal(0.5, rates[200], 1e-12);
        Assert.InRange(rates[399], 1e-6, 1e-4);
        Assert.Equal(rates.OrderDescending(), rates);
    }

    [Fact]
    public void At_RunShorterThanItsWarmUp_StaysBelowTheFullRate()
    {
        LearningRateSchedule schedule = new(
            new Recipe
            {
                Name = "test",
                LearningRate = 1,
                WarmUpEpochs = 5,
                Epochs = 1,
            },
            stepsPerEpoch: 10,
            imagesPerEpoch: 320
        );

        Assert.All(Enumerable.Range(0, 10), step => Assert.InRange(schedule.At(step), 0, 0.2 + 1e-12));
    }
}
