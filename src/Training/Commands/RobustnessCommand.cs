using System.CommandLine;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Commands.Evaluate;
using Saccade.Training.Commands.Options;
using Saccade.Training.Data;

namespace Saccade.Training.Commands;

/// <summary><c>robustness</c>: what models still know of images that were compressed, blurred, noisy, too dark or too bright.</summary>
internal static class RobustnessCommand
{
    internal static Command Create()
    {
        Option<string[]> models = new("--model")
        {
            Description = "A bundle, an ensemble, a folder of versions or a run's folder; several for several rows.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        DataFlags data = new("Data set, whose held-out part is measured.");
        Option<string[]?> crops = EvaluateCommand.CropsOption("Left out: 1.");
        var limit = EvaluateCommand.LimitOption();
        var threads = EvaluateCommand.ThreadsOption();
        Option<string?> plot = new("--plot") { Description = "File to draw the figure into, as SVG." };
        Command command = new("robustness", "Measure models on corrupted images: JPEG, blur, noise, dark and bright.")
        {
            models,
            crops,
            limit,
            threads,
            plot,
        };
        foreach (var option in data.Options)
            command.Add(option);
        command.SetAction(
            (arguments, cancellation) =>
                Task.Run(
                    async () =>
                    {
                        var images = EvaluateCommand.Open(data.Require(arguments), split: null);
                        if (arguments.GetValue(limit) is { } first)
                            images = images.Limit(first);
                        var modes = EvaluateCommand.Modes(arguments.GetValue(crops), "1");
                        string[] folders = [.. arguments.GetRequiredValue(models).Select(ServedFolder.Find)];
                        foreach (var folder in folders)
                            await RequireAsync(folder, modes);
                        List<RobustnessRow> rows = [];
                        foreach (var folder in folders)
                            rows.AddRange(await MeasureAsync(folder, images, modes, arguments.GetValue(threads), cancellation));

                        if (arguments.GetValue(plot) is { } file)
                            AtomicFile.WriteText(file, RobustnessPlot.Draw(rows));
                        Console.Out.WriteLine(RobustnessRow.Table(rows));
                        return 0;
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

    /// <summary>Checks that a model can be measured that way, before hours go into those before it.</summary>
    private static async Task RequireAsync(string model, CropMode[] modes)
    {
        await using var measured = await MeasuredModel.OpenAsync(model, threads: 1);
        CropPlans.Require(modes, measured.Plans);
    }

    private static async Task<List<RobustnessRow>> MeasureAsync(
        string model,
        DataSet data,
        IReadOnlyList<CropMode> modes,
        int? threads,
        CancellationToken cancellation
    )
    {
        await using var measured = await MeasuredModel.OpenAsync(model, threads);
        var images = data.WithLabels(measured.Labels).HeldOut;
        List<RobustnessRow> rows = [];
        foreach (var mode in modes)
        {
            List<RobustnessFigure> figures = [];
            foreach (var corruption in Enum.GetValues<Corruption>().Select(one => (Corruption?)one).Prepend(null))
            {
                var name = corruption is { } some ? EnumNames<Corruption>.NameOf(some) : RobustnessRow.Clean;
                var (result, _) = await EvaluationProgress.ShowAsync(
                    $"{EvaluationRun.NameOf(model)}, crops {mode}, {name}",
                    images.Count,
                    TimeProvider.System,
                    onImages =>
                        measured.RunAsync(corruption is { } kind ? new CorruptedImages(images, kind) : images, mode, onImages, cancellation)
                );
                figures.Add(new(name, result.Scores));
            }

            rows.Add(new($"{EvaluationRun.NameOf(model)}, {mode}", figures));
        }

        return rows;
    }
}
