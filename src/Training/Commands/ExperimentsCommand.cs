using System.CommandLine;
using Saccade.Training.Commands.Options;
using Saccade.Training.Commands.Train;
using Saccade.Training.Data;
using Saccade.Training.Experiments;

namespace Saccade.Training.Commands;

/// <summary><c>experiments</c>: reruns a paper's table on small data.</summary>
internal static class ExperimentsCommand
{
    internal static Command Create()
    {
        Argument<string?> name = new("name") { Description = "Which; left out, they are listed.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> data = new("--data") { Description = "Data set, as for train." };
        Option<string?> folder = new("--out") { Description = "Folder for runs and report; give it again to go on." };
        Option<int?> seeds = new("--seeds") { Description = "Runs of every variant." };
        Option<int?> epochs = new("--epochs") { Description = "Passes of every run." };
        Option<int?> images = new("--images") { Description = "Training images, and held-out ones at most." };
        Option<double?> width = new("--width") { Description = "Channel multiplier in place of the experiment's." };
        Option<int?> input = new("--input")
        {
            Description = "Rows and columns of the input in place of the experiment's; variants that have their own keep it.",
        };
        Option<int> threads = new("--threads") { Description = "Threads that compute, of each replica.", DefaultValueFactory = _ => 1 };
        Option<int> cropImages = new("--crop-images")
        {
            Description = "Held-out images that crops-models measures by many crops.",
            DefaultValueFactory = _ => 1000,
        };
        Command command = new("experiments", "Rerun a paper's table on small data: several seeds, a table, curves.")
        {
            name,
            data,
            folder,
            seeds,
            epochs,
            images,
            width,
            input,
            threads,
            cropImages,
        };
        command.SetAction(
            (arguments, cancellation) =>
                Task.Run(
                    () =>
                    {
                        if (arguments.GetValue(name) is not { } wanted)
                            return List();
                        var experiment =
                            NamedExperiments.All.FirstOrDefault(one => one.Name == wanted)
                            ?? throw new CommandException(
                                $"There is no experiment '{wanted}'; known are "
                                    + $"{string.Join(", ", NamedExperiments.All.Select(one => one.Name))}."
                            );
                        ExperimentBudget budget = new(
                            arguments.GetValue(epochs) ?? experiment.Epochs,
                            arguments.GetValue(images) ?? experiment.Images,
                            arguments.GetValue(seeds) ?? experiment.Seeds,
                            arguments.GetValue(threads),
                            arguments.GetValue(width),
                            arguments.GetValue(input)
                        );
                        if (budget is not { Epochs: >= 1, Images: >= 1, Seeds: >= 1, Threads: >= 1 } || arguments.GetValue(cropImages) < 1)
                            throw new CommandException("--epochs, --images, --seeds, --threads and --crop-images must be at least 1.");
                        return Run(
                            experiment,
                            budget,
                            arguments.GetValue(data) ?? throw new CommandException("Option '--data' is required."),
                            arguments.GetValue(folder) ?? throw new CommandException("Option '--out' is required."),
                            arguments.GetValue(cropImages),
                            cancellation
                        );
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

    private static int List()
    {
        foreach (var experiment in NamedExperiments.All)
        {
            Console.Out.WriteLine(
                $"{experiment.Name}: {experiment.Title}; {experiment.Seeds} seeds, {experiment.Epochs} epochs of {experiment.Images:N0} "
                    + "images"
            );
            foreach (var variant in experiment.Variants)
                Console.Out.WriteLine($"    {variant.Name}");
        }

        return 0;
    }

    private static int Run(
        Experiment experiment,
        ExperimentBudget budget,
        string path,
        string folder,
        int cropImages,
        CancellationToken cancellation
    )
    {
        var data = DataSet.Open(new DataLocation(path), Console.Error.WriteLine).Limit(budget.Images);
        ExperimentRunner runner = new(
            experiment,
            budget,
            path,
            folder,
            new ExperimentTraining(
                (arguments, resumes) => Explained(folder, () => Train(arguments, resumes, cancellation)),
                arguments => Explained(folder, () => Check(arguments))
            )
        );
        void Report(CropsTable? crops = null) =>
            new ExperimentReport(experiment, budget, data.Split, runner.Results(), crops).Write(folder);

        var code = runner.Train((number, of, run) => Console.Out.WriteLine($"run {number} of {of}: {run}"), () => Report());
        if (code != 0)
            return code;

        Report(MeasureCrops(experiment, budget, data, runner, cropImages, cancellation));
        Console.Out.WriteLine(File.ReadAllText(Path.Combine(folder, "results.md")));
        return 0;
    }

    private static int Train(IReadOnlyList<string> arguments, bool resumes, CancellationToken cancellation)
    {
        var (options, parsed) = Parse(resumes ? [.. arguments, "--resume"] : arguments);
        return TrainCommand.Run(options, parsed, cancellation, mayExtend: false);
    }

    private static int Check(IReadOnlyList<string> arguments)
    {
        var (options, parsed) = Parse([.. arguments, "--resume"]);
        _ = options.Continue(parsed, mayExtend: false);
        return 0;
    }

    private static int Explained(string folder, Func<int> step)
    {
        try
        {
            return step();
        }
        catch (CommandException exception)
        {
            throw new CommandException(
                $"'{folder}' may hold runs of another budget; give the same again, or another --out. {exception.Message}"
            );
        }
    }

    private static (RunOptions Options, ParseResult Parsed) Parse(IReadOnlyList<string> arguments)
    {
        RunOptions options = new();
        RootCommand command = new();
        foreach (var option in options.Options)
            command.Add(option);
        var parsed = command.Parse(arguments);
        return parsed.Errors.Count == 0
            ? (options, parsed)
            : throw new CommandException(string.Join(" ", parsed.Errors.Select(error => error.Message)));
    }

    private static CropsTable? MeasureCrops(
        Experiment experiment,
        ExperimentBudget budget,
        DataSet data,
        ExperimentRunner runner,
        int cropImages,
        CancellationToken cancellation
    )
    {
        if (experiment.Crops.Count == 0)
            return null;
        var heldOut = data.Limit(cropImages).HeldOut;
        var models = runner
            .Runs.Select(run =>
                experiment.Crops.ToDictionary(
                    mode => mode,
                    mode =>
                    {
                        Console.Out.WriteLine($"{mode} crops of {heldOut.Count:N0} images, seed {run.Seed}");
                        return CropsMeasurement.Of(run.Directory, mode, heldOut, budget.Threads, cancellation);
                    }
                )
            )
            .ToList();
        return CropsTable.Of([.. Enumerable.Range(0, heldOut.Count).Select(heldOut.LabelOf)], data.Labels.Count, models);
    }
}
