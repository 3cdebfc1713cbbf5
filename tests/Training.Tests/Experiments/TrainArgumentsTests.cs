using Saccade.Training.Experiments;
using Xunit;

namespace Saccade.Training.Tests.Experiments;

public sealed class TrainArgumentsTests
{
    [Fact]
    public void Merge_OptionGivenAgain_TakesTheLaterValueInTheEarlierPlace() =>
        Assert.Equal(["--a", "3", "--b", "--c", "x"], TrainArguments.Merge(["--a", "1", "--b"], ["--c", "x"], ["--a", "3"]));

    [Fact]
    public void Merge_ValueWithoutOption_IsRefused() => Assert.Throws<ArgumentException>(() => TrainArguments.Merge(["1", "--a"]));

    [Fact]
    public void Of_Variant_ComesBeforeTheExperimentAndTheBudgetBeforeBoth()
    {
        var arguments = TrainArguments.Of(
            TinyExperiment.Make(),
            TinyExperiment.Make().Variants[1],
            new(Epochs: 4, Images: 12, Seeds: 1, Threads: 1, Width: 0.5),
            seed: 7,
            "data",
            "out"
        );

        Assert.Equal(
            "--arch googlenet-bn --width 0.5 --input 28 --batch 4 --averaging polyak --averaging-from 2 --epochs 4 --limit 12 --threads 1 "
                + "--seed 7 --data data --out out",
            string.Join(' ', arguments)
        );
    }

    [Fact]
    public void Of_InputOfTheBudget_ReplacesTheSharedOneAndNotAVariantsOwn()
    {
        var experiment = TinyExperiment.Make() with { Variants = [new("shared", ""), new("own", "--input 20")] };
        ExperimentBudget budget = new(2, 12, 1, 1, Input: 32);

        string[] inputs =
        [
            .. experiment.Variants.Select(variant =>
                string.Join(
                    ' ',
                    TrainArguments.Of(experiment, variant, budget, 1, "data", "out").SkipWhile(word => word != "--input").Take(2)
                )
            ),
        ];

        Assert.Equal(["--input 32", "--input 20"], inputs);
    }

    [Fact]
    public void Of_VariantMeasuredOnAnothersRuns_IsThatOnesRun()
    {
        var experiment = TinyExperiment.Make();
        ExperimentBudget budget = new(2, 12, 1, 1);

        Assert.Equal(
            TrainArguments.Of(experiment, experiment.Variants[1], budget, 1, "data", "out"),
            TrainArguments.Of(experiment, experiment.Variants[2], budget, 1, "data", "out")
        );
        Assert.Equal(experiment.Variants[1].Folder, experiment.Variants[2].Folder);
    }
}
