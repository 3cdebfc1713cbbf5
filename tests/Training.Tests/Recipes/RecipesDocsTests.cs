using Saccade.Training.Experiments;
using Saccade.Training.Recipes;
using Xunit;

namespace Saccade.Training.Tests.Recipes;

/// <summary>docs/training.md has a row for every recipe, with its length, batch and rate, and no row for any other.</summary>
public sealed class RecipesDocsTests
{
    [Fact]
    public void Table_Recipes_AreAllThereWithTheirNumbers()
    {
        var rows = Rows("## Recipes", "## Replicas").ToDictionary(cells => cells[0].Split('`')[1], StringComparer.Ordinal);

        Assert.Equal(NamedRecipes.All.Keys.Order(), rows.Keys.Order());
        Assert.All(
            NamedRecipes.All.Values,
            recipe =>
            {
                var cells = rows[recipe.Name];
                Assert.Equal($"{recipe.Epochs} × {recipe.BatchSize}", cells[1]);
                Assert.StartsWith(FormattableString.Invariant($"{recipe.LearningRate}"), cells[3], StringComparison.Ordinal);
                Assert.Equal(recipe.LabelSmoothing, cells[5] == "–" ? 0 : Number(cells[5]));
                Assert.Equal(recipe.Dropout, cells[6] == "network's" ? null : Number(cells[6]));
                Assert.Equal(recipe.AuxWeight, cells[7] == "none" ? 0 : Number(cells[7]));
                Assert.Equal(recipe.WeightDecay, Number(cells[4]));
            }
        );
    }

    [Fact]
    public void Table_Experiments_AreAllThere() =>
        Assert.Equal(
            NamedExperiments.All.Select(experiment => experiment.Name).Order(),
            Rows("## Experiments", "## Speed").Select(cells => cells[0].Trim('`')).Order()
        );

    private static double Number(string cell) => double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture);

    // The cells of the rows that begin with a name, without slant.
    private static IEnumerable<string[]> Rows(string from, string to) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", "training.md"))
            .SkipWhile(line => line != from)
            .TakeWhile(line => line != to)
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Replace("*", "", StringComparison.Ordinal).Trim('|').Split('|', StringSplitOptions.TrimEntries));
}
