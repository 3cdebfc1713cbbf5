using System.CommandLine;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Commands.Export;
using Saccade.Training.Commands.Options;
using Saccade.Training.Data;

namespace Saccade.Training.Commands;

/// <summary><c>export</c>: write a trained run as a bundle that the service can load.</summary>
internal static class ExportCommand
{
    internal static Command Create()
    {
        var run = new Option<string>("--run") { Description = "Folder of the run.", Required = true };
        var bundle = new Option<string>("--out")
        {
            Description = "Folder of the bundle, such as models/<name>/<version>; replaced as a whole.",
            Required = true,
        };
        DataFlags data = new("Data set to measure the accuracy on; the run's own if left out.");
        var crops = new Option<int[]>("--crops")
        {
            Description = "Crop plans to measure: 1, 10, 12, 144, and those of --crop-sides or --crop-shift.",
            DefaultValueFactory = _ => [1],
            AllowMultipleArgumentsPerToken = true,
        };
        var precision = FormatOptions.Precision();
        var inputType = FormatOptions.InputType();
        var features = FormatOptions.Features();
        var calibrate = FormatOptions.Calibrate();
        var sides = new Option<int[]>("--crop-sides")
        {
            Description =
                "Shorter sides that several crops are cut from, in place of the papers' 8/7 to 11/7 of the input: in pixels, four for 144 "
                + "crops; the first is that of 10 and 12. Adds a plan of 2, the centre and its mirror image.",
            AllowMultipleArgumentsPerToken = true,
        };
        var shift = new Option<int?>("--crop-shift")
        {
            Description =
                "Plans of 2, 6, 10 and 12 crops for images that fill their edges: the image, shifted by so many pixels along one diagonal "
                + "or both, with its reflection beyond the edge, and mirrored.",
        };
        var best = new Option<bool>("--best")
        {
            Description =
                "Export the weights of the epoch that did best on the held-out part rather than the last one's; the accuracy measured on "
                + "that part is then too good.",
        };
        var licence = new Option<string?>("--licence") { Description = "SPDX identifier of the weights' licence, such as MIT." };

        var command = new Command("export", "Write a trained run as an ONNX bundle, proved equal to the trained network.")
        {
            run,
            bundle,
            crops,
            precision,
            inputType,
            features,
            calibrate,
            sides,
            shift,
            best,
            licence,
        };
        foreach (var option in data.Options)
            command.Add(option);
        command.SetAction(
            (arguments, cancellation) =>
            {
                var (format, rangeImages) = FormatOptions.Parse(
                    arguments.GetRequiredValue(precision),
                    arguments.GetRequiredValue(inputType),
                    arguments.GetValue(features),
                    arguments.GetValue(calibrate)
                );
                var plans = arguments.GetRequiredValue(crops).Distinct().Select(Plan).ToArray();
                var location = data.Find(arguments);

                var trained = TrainedRun.Read(new RunDirectory(arguments.GetRequiredValue(run)), arguments.GetValue(best));
                var (preprocessing, input) = (trained.Record.Preprocessing, trained.Record.Network.InputSize);
                if (arguments.GetValue(sides) is { Length: > 0 } own)
                    preprocessing = OwnCropPlans.WithSides(preprocessing, input, own);
                if (arguments.GetValue(shift) is { } pixels)
                    preprocessing = OwnCropPlans.WithShift(preprocessing, input, pixels);
                CropPlans.Require(plans, CropPlans.Of(preprocessing));
                trained = trained with { Record = trained.Record with { Preprocessing = preprocessing } };
                var export = new RunExport(trained, TimeProvider.System, Console.Out.WriteLine)
                {
                    Licence = arguments.GetValue(licence),
                    Format = format,
                    RangeImages = rangeImages,
                    OtherData = location?.Name,
                };
                try
                {
                    export.Write(
                        new BundleFolder(arguments.GetRequiredValue(bundle)),
                        location is null ? OwnData(trained.Record) : Open(location),
                        plans,
                        cancellation
                    );
                    return Task.FromResult(0);
                }
                catch (UnreadableImageException problem) when (location is not null)
                {
                    throw DataFlags.Explain(problem);
                }
            }
        );
        return command;
    }

    private static CropMode Plan(int crops) =>
        crops is >= 1 and <= CropMode.MaxCrops
            ? CropMode.Of(crops)
            : throw new CommandException($"--crops must be 1 to {CropMode.MaxCrops}.");

    private static DataSet Open(DataLocation location)
    {
        var data = DataSet.Open(location, Console.Error.WriteLine);
        return location.SkipUnreadable ? data.SkipUnreadable(Console.Error.WriteLine) : data;
    }

    /// <summary>The run's data; null where it is gone or has changed, so that it might be measured on what was learnt from.</summary>
    private static DataSet? OwnData(RunRecord run)
    {
        try
        {
            if (!run.Data.IsThere)
                throw new InvalidDataException($"The run's data '{run.Data.Csv ?? run.Data.Path}' is not there.");
            return run.Data.Reopen(run.Labels, run.Seed, Console.Error.WriteLine) ?? throw new InvalidDataException(run.Data.Changed);
        }
        catch (InvalidDataException problem)
        {
            Console.Out.WriteLine($"accuracy not measured; name images to measure on with --data. {problem.Message}");
            return null;
        }
    }
}
