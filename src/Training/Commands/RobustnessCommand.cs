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
                        var rows = await MeasureAsync(
                            arguments.GetRequiredValue(models),
                            images,
                            modes,
                            arguments.GetValue(threads),
                            cancellation
                        );
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

    /// <summary>Measures, once all models are open and known to have the plans, before hours go into the first.</summary>
    private static async Task<List<RobustnessRow>> MeasureAsync(
        string[] models,
        DataSet data,
        CropMode[] modes,
        int? threads,
        CancellationToken cancellation
    )
    {
        List<(string Name, MeasuredModel Model)> opened = [];
        try
        {
            foreach (var folder in models.Select(ServedFolder.Find))
            {
                var model = await MeasuredModel.OpenAsync(folder, threads);
                opened.Add((EvaluationRun.NameOf(folder), model));
                CropPlans.Require(modes, model.Plans);
            }

            List<RobustnessRow> rows = [];
            foreach (var (name, model) in opened)
                rows.AddRange(await MeasureAsync(name, model, data.WithLabels(model.Labels).HeldOut, modes, cancellation));
            return rows;
        }
        finally
        {
            foreach (var (_, model) in opened)
                await model.DisposeAsync();
        }
    }

    private static async Task<List<RobustnessRow>> MeasureAsync(
        string name,
        MeasuredModel model,
        IImageSource images,
        CropMode[] modes,
        CancellationToken cancellation
    )
    {
        List<RobustnessRow> rows = [];
        foreach (var mode in modes)
        {
            List<RobustnessFigure> figures = [];
            foreach (var corruption in Enum.GetValues<Corruption>().Select(one => (Corruption?)one).Prepend(null))
            {
                var kindName = corruption is { } some ? EnumNames<Corruption>.NameOf(some) : RobustnessRow.Clean;
                var (result, _) = await EvaluationProgress.ShowAsync(
                    $"{name}, crops {mode}, {kindName}",
                    images.Count,
                    TimeProvider.System,
                    onImages =>
                        model.RunAsync(corruption is { } kind ? new CorruptedImages(images, kind) : images, mode, onImages, cancellation)
                );
                figures.Add(new(kindName, result.Scores));
            }

            rows.Add(new($"{name}, {mode}", figures));
        }

        return rows;
    }
}
