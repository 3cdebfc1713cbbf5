using System.CommandLine;
using System.CommandLine.Parsing;
using Saccade.Inference;
using Saccade.Training.Commands.Evaluate;
using Saccade.Training.Data;

namespace Saccade.Training.Commands;

/// <summary><c>evaluate</c>: measures a bundle or a run on the held-out part of a data set.</summary>
internal static class EvaluateCommand
{
    private static readonly Dictionary<string, CropMode> Modes = new[] { 1, 10, 12, 144 }.Select(CropMode.Of).ToDictionary(mode => mode.ToString(), StringComparer.Ordinal);

    internal static Command Create()
    {
        Option<string> model = new("--model") { Description = "A bundle (measured through ONNX Runtime) or a run's folder (through TorchSharp).", Required = true };
        Option<string> path = new("--data") { Description = "Data set; its held-out part is measured.", Required = true };
        Option<string[]> crops = new("--crops")
        {
            Description = $"Looks at each picture, several numbers separated by commas: {string.Join(", ", Modes.Keys)}.",
            CustomParser = ParseCrops,
            DefaultValueFactory = _ => ["1"],
        };
        Option<int?> limit = new("--limit") { Description = "Only the first N pictures, for quick trials." };
        Option<int> threads = new("--threads") { Description = "Threads that compute; all cores if left out.", DefaultValueFactory = _ => Environment.ProcessorCount };
        Option<bool> json = new("--json") { Description = "Print JSON, with the confusion of every class with every other." };
        Command command = new("evaluate", "Measure a model on the held-out part of a data set.") { model, path, crops, limit, threads, json };
        command.SetAction((arguments, cancellation) => Task.Run(
            () =>
            {
                if (arguments.GetValue(limit) < 1 || arguments.GetValue(threads) < 1)
                    throw new CommandException("--limit and --threads must be at least 1.");
                var data = DataSet.Open(arguments.GetRequiredValue(path));
                if (arguments.GetValue(limit) is { } images)
                    data = data.Limit(images);

                using var measured = MeasuredModel.Open(arguments.GetRequiredValue(model), arguments.GetValue(threads));
                if (!measured.Labels.SequenceEqual(data.Labels, StringComparer.Ordinal))
                    throw new CommandException("The model and the data do not have the same classes in the same order.");
                var reports = arguments.GetRequiredValue(crops).ToDictionary(
                    name => name,
                    name => EvaluationReport.Measure(measured, data.HeldOut, Modes[name], TimeProvider.System, cancellation),
                    StringComparer.Ordinal);
                Console.Out.WriteLine(arguments.GetValue(json) ? EvaluationReport.ToJson(data, reports) : EvaluationReport.ToText(data, reports));
                return 0;
            },
            CancellationToken.None));
        return command;
    }

    private static string[]? ParseCrops(ArgumentResult result)
    {
        var names = result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal).ToArray();
        if (names.All(Modes.ContainsKey))
            return names;
        result.AddError($"--crops knows {string.Join(", ", Modes.Keys)}.");
        return null;
    }
}
