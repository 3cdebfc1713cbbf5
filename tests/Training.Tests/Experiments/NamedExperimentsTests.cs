using System.CommandLine;
using Saccade.Training.Commands.Train;
using Saccade.Training.Data;
using Saccade.Training.Experiments;
using Xunit;

namespace Saccade.Training.Tests.Experiments;

public sealed class NamedExperimentsTests
{
    public static TheoryData<string> Names => [.. NamedExperiments.All.Select(experiment => experiment.Name)];

    /// <summary>Every variant's arguments are such that <c>train</c> starts with them: they are known, in range, and the network can be
    /// built.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Variants_EveryOne_IsARunThatTrainStarts(string name)
    {
        using TempFolder folder = new();
        var images = new IdxFile([20, 28, 28], new byte[20 * 784]);
        var labels = new IdxFile([20], [.. Enumerable.Range(0, 20).Select(value => (byte)(value % 10))]);
        IdxFolder.Write(
            folder["data"],
            (images, labels),
            (images, labels),
            [.. Enumerable.Range(0, 10).Select(label => $"{label}")],
            "None."
        );
        var experiment = NamedExperiments.All.Single(one => one.Name == name);
        ExperimentBudget budget = new(experiment.Epochs, 20, 1, 1);

        Assert.All(
            experiment.Variants,
            variant =>
            {
                RunOptions options = new();
                RootCommand command = new();
                foreach (var option in options.Options)
                    command.Add(option);
                var parsed = command.Parse(TrainArguments.Of(experiment, variant, budget, 1, folder["data"], folder["run"]));

                Assert.Empty(parsed.Errors);
                Assert.Equal(experiment.Epochs, options.Start(parsed, _ => { }).Record.Recipe.Epochs);
            }
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Variants_Names_AreDistinctAndSoAreTheFoldersOfTheirRuns(string name)
    {
        var variants = NamedExperiments.All.Single(one => one.Name == name).Variants;

        Assert.Equal(variants.Count, variants.Select(variant => variant.Name).Distinct().Count());
        Assert.Equal(
            variants.Select(variant => variant.RunsOf).Distinct().Count(),
            variants.Select(variant => variant.Folder).Distinct().Count()
        );
        Assert.All(variants, variant => Assert.Contains(variants, other => other.Name == variant.RunsOf && other.TrainedWeightsOf is null));
    }
}
