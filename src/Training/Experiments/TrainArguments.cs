using System.Globalization;

namespace Saccade.Training.Experiments;

/// <summary>Command lines of <c>train</c>, put together from parts of which the later count.</summary>
internal static class TrainArguments
{
    /// <summary>The arguments of one run.</summary>
    public static IReadOnlyList<string> Of(
        Experiment experiment,
        ExperimentVariant variant,
        ExperimentBudget budget,
        int seed,
        string data,
        string folder
    )
    {
        var own = experiment
            .Variants.Single(other => other.Name == variant.RunsOf)
            .Arguments.Replace("{half}", Text(budget.Epochs / 2), StringComparison.Ordinal);
        string[] budgeted =
        [
            "--epochs",
            Text(budget.Epochs),
            "--limit",
            Text(budget.Images),
            "--threads",
            Text(budget.Threads),
            "--seed",
            Text(seed),
            "--data",
            data,
            "--out",
            folder,
        ];
        return Merge(
            experiment.Common.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            budget.Input is { } input ? ["--input", Text(input)] : [],
            own.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            budget.Width is { } width ? ["--width", width.ToString(CultureInfo.InvariantCulture)] : [],
            budgeted
        );
    }

    /// <summary>Joins parts; an option given again replaces the earlier one with its value.</summary>
    internal static IReadOnlyList<string> Merge(params ReadOnlySpan<string[]> parts)
    {
        OrderedDictionary<string, List<string>> options = new(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            List<string>? values = null;
            foreach (var word in part)
            {
                if (word.StartsWith("--", StringComparison.Ordinal))
                    options[word] = values = [];
                else
                    (values ?? throw new ArgumentException($"'{word}' belongs to no option.", nameof(parts))).Add(word);
            }
        }

        return [.. options.SelectMany(option => option.Value.Prepend(option.Key))];
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
