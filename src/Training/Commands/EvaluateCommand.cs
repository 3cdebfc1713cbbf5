using System.CommandLine;
using System.CommandLine.Parsing;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Commands.Evaluate;
using Saccade.Training.Commands.Options;
using Saccade.Training.Data;
using Saccade.Training.Tuning;

namespace Saccade.Training.Commands;

/// <summary><c>evaluate</c>: measures a bundle, an ensemble or a run on images whose classes are known.</summary>
internal static class EvaluateCommand
{
    private const string All = "all";
    private static readonly string[] Usual = ["1", "10", "12", "144", "auto"];

    internal static Command Create()
    {
        Option<string> model = new("--model")
        {
            Description =
                "A bundle or an ensemble (asked through the service's engine), its folder of versions, whose newest counts, or a run's "
                + "folder (through TorchSharp).",
            Required = true,
        };
        DataFlags data = new("Data set, or any folder of images in folders named after the model's classes.");
        Option<string?> split = new("--split")
        {
            Description = "What is measured: train, val, test, or all images of the folder; the held-out part if left out.",
        };
        split.AcceptOnlyFromAmong([.. Enum.GetValues<DataPart>().Select(DataPartNames.Of), All]);
        Option<string?> report = new("--report")
        {
            Description = "Folder for report.md with its pictures: figures of each class, confusion, reliability, and the worst mistakes.",
        };
        Option<string[]?> crops = CropsOption("Left out: 1; with --tune all, which may take long.");
        var limit = LimitOption();
        Option<bool> unfitted = new("--unfitted")
        {
            Description = "Only the half of the images that --tune does not fit to, before --limit.",
        };
        var threads = ThreadsOption();
        Option<bool> json = new("--json") { Description = "Print JSON, with the confusion of every class with every other." };
        Option<bool> tune = new("--tune")
        {
            Description =
                "Fit temperature (of a bundle), weights (of an ensemble) and the rounds of auto on half of the images, measure on the "
                + "other half, and write all into manifest.json or ensemble.json.",
        };
        Option<string?> scores = new("--scores")
        {
            Description =
                "Folder that keeps the logits of every crop by every model: computed once, in parts if need be, and every plan is computed "
                + "from it.",
        };
        Option<string?> plot = new("--plot")
        {
            Description = "File to draw accuracy against compute into, as SVG: every model and the ensemble by every plan, and auto.",
        };
        Command command = new("evaluate", "Measure a model on the held-out part of a data set, or on any images whose classes are known.")
        {
            model,
            split,
            report,
            crops,
            limit,
            unfitted,
            threads,
            json,
            tune,
            scores,
            plot,
        };
        foreach (var option in data.Options)
            command.Add(option);
        command.SetAction(
            (arguments, cancellation) =>
                Task.Run(
                    async () =>
                    {
                        if (arguments.GetValue(unfitted) && arguments.GetValue(tune))
                            throw new CommandException("--unfitted leaves nothing for --tune to fit to.");
                        var location = data.Require(arguments);
                        var images = Open(location, arguments.GetValue(split));
                        if (arguments.GetValue(unfitted))
                            images = images with { HeldOut = new Subset(images.HeldOut, [.. Halves.Of(images.HeldOut).Measured]) };
                        if (arguments.GetValue(limit) is { } first)
                            images = images.Limit(first);

                        var modes = Modes(arguments.GetValue(crops), arguments.GetValue(tune) ? Usual : ["1"]);
                        EvaluationRun evaluation = new(
                            ServedFolder.Find(arguments.GetRequiredValue(model)),
                            images,
                            modes,
                            arguments.GetValue(threads)
                        )
                        {
                            DataName = location.Name,
                            Scores = arguments.GetValue(scores),
                            Plot = arguments.GetValue(plot),
                            ReportPath = arguments.GetValue(report),
                        };
                        try
                        {
                            Console.Out.WriteLine(
                                await evaluation.RunAsync(arguments.GetValue(tune), arguments.GetValue(json), cancellation)
                            );
                            return 0;
                        }
                        catch (UnreadableImageException problem)
                        {
                            throw DataFlags.Explain(problem);
                        }
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

    /// <summary>Which plans to measure.</summary>
    /// <param name="otherwise">What is done where it is left out, a sentence.</param>
    internal static Option<string[]?> CropsOption(string otherwise) =>
        new("--crops")
        {
            Description =
                $"Crops of each image, several values separated by commas: {string.Join(", ", Usual)}, and other numbers that the "
                + $"models have plans of. {otherwise}",
            CustomParser = ParseCrops,
        };

    internal static Option<int?> LimitOption() =>
        AtLeastOne(new("--limit") { Description = "Only N images, for quick trials: of folders and tables a fair sample of each class." });

    internal static Option<int?> ThreadsOption() =>
        AtLeastOne(new("--threads") { Description = "Threads that compute; left out, the engine chooses, and a run has all cores." });

    /// <summary>The plans that were named, or others. An option of several values that is left out is an empty list.</summary>
    internal static CropMode[] Modes(string[]? named, params string[] otherwise) =>
        [.. (named is { Length: > 0 } ? named : otherwise).Select(Mode)];

    /// <summary>Opens the images to measure; the held-out part where no split is named.</summary>
    internal static DataSet Open(DataLocation location, string? split)
    {
        var data = DataSet.Open(location, Console.Error.WriteLine, whole: split == All);
        if (split is not null and not All)
            data = data.Measuring(DataPartNames.Find(split)!.Value);
        return location.SkipUnreadable ? data.SkipUnreadable(Console.Error.WriteLine) : data;
    }

    private static Option<int?> AtLeastOne(Option<int?> option)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
                result.AddError($"{option.Name} must be at least 1.");
        });
        return option;
    }

    private static string[]? ParseCrops(ArgumentResult result)
    {
        var names = result
            .Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        if (Array.TrueForAll(names, name => CropMode.TryParse(name, out _)))
            return names;
        result.AddError($"--crops takes numbers of crops, such as {string.Join(", ", Usual)}.");
        return null;
    }

    private static CropMode Mode(string name) =>
        CropMode.TryParse(name, out var mode) ? mode : throw new ArgumentException($"'{name}' is no number of crops.", nameof(name));
}
