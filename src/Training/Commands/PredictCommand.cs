using System.CommandLine;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Commands.Options;
using Saccade.Training.Commands.Predict;
using Saccade.Training.Prediction;
using Saccade.Training.Serving;

namespace Saccade.Training.Commands;

/// <summary><c>predict</c>: classifies files as the service would, into a file.</summary>
internal static class PredictCommand
{
    internal static Command Create()
    {
        Argument<string[]> inputs = new("input")
        {
            Description = "Folders, files, and patterns such as 'photos/**/*.jpg'.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> list = new("--list") { Description = "File with a path a line, in place of inputs; - reads standard input." };
        Option<string> model = new("--model")
        {
            Description = "A bundle or an ensemble, or its folder of versions, whose newest counts.",
            Required = true,
        };
        Option<string> result = new("--out")
        {
            Description = "The result: .jsonl, .csv or .parquet. What an interrupted run has written is not computed again.",
            Required = true,
        };
        Option<int> top = new("--top") { Description = "Predictions of each image, best first.", DefaultValueFactory = _ => 5 };
        Option<string> crops = new("--crops")
        {
            Description = "Crops of each image: 1, 10, 12, 144, auto, or another number that the model has a plan of.",
            DefaultValueFactory = _ => "1",
        };
        Option<bool> embeddings = new("--embeddings")
        {
            Description = "Give the layer before the classifier too; the bundle must have been exported --with-features.",
        };
        Option<bool> normalise = new("--normalise") { Description = "Divide embeddings by their length." };
        Option<string?> shard = new("--shard")
        {
            Description = "Only the share i of n, as i/n with i from 0, into a file of its own; predict merge puts the shares together.",
            HelpName = "i/n",
        };
        Option<int?> threads = new("--threads") { Description = "Threads that compute; left out, the engine chooses." };
        Option<bool> failOnErrors = new("--fail-on-errors") { Description = "End without success if an image failed." };
        Command command = new("predict", "Classify files into JSON lines, CSV or Parquet, on one machine or many.")
        {
            inputs,
            list,
            model,
            result,
            top,
            crops,
            embeddings,
            normalise,
            shard,
            threads,
            failOnErrors,
        };
        command.Subcommands.Add(Merge());
        command.SetAction(
            (arguments, cancellation) =>
                Task.Run(
                    async () =>
                    {
                        if (arguments.GetValue(top) < 1 || arguments.GetValue(threads) < 1)
                            throw new CommandException("--top and --threads must be at least 1.");
                        if (!CropMode.TryParse(arguments.GetRequiredValue(crops), out var mode))
                            throw new CommandException("--crops takes a number of crops, such as 1 or 10, or auto.");
                        if (arguments.GetValue(normalise) && !arguments.GetValue(embeddings))
                            throw new CommandException("--normalise is for --embeddings.");
                        var share = arguments.GetValue(shard) is { } text
                            ? Shard.Parse(text) ?? throw new CommandException($"--shard {text} is no i/n with i from 0 and below n.")
                            : Shard.Whole;
                        var images = Images(arguments.GetValue(inputs) ?? [], arguments.GetValue(list));

                        await using var engine = await LocalEngine.StartAsync(
                            ServedFolder.Find(arguments.GetRequiredValue(model)),
                            arguments.GetValue(threads) ?? 0
                        );
                        PredictionRun run = new(
                            engine,
                            new()
                            {
                                Crops = mode,
                                TopK = arguments.GetValue(top),
                                IncludeFeatures = arguments.GetValue(embeddings),
                            },
                            arguments.GetValue(normalise),
                            new ResultFile(arguments.GetRequiredValue(result)),
                            share
                        );
                        var note = await PredictDisplay.ShowAsync(TimeProvider.System, tell => run.RunAsync(images, tell, cancellation));
                        Console.Out.WriteLine(PredictDisplay.Summary(note, run.Result.Path));
                        return arguments.GetValue(failOnErrors) && note.Failures is { Count: > 0 } ? 1 : 0;
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

    private static Command Merge()
    {
        Argument<string> result = new("out") { Description = "The whole result: .jsonl, .csv or .parquet." };
        Argument<string[]> parts = new("part")
        {
            Description = "The files of all shards, such as x.shard-*-of-8.jsonl.",
            Arity = ArgumentArity.OneOrMore,
        };
        Command command = new("merge", "Put the files of all shards together, or say why they are not all of the result.")
        {
            result,
            parts,
        };
        command.SetAction(arguments =>
        {
            var path = arguments.GetRequiredValue(result);
            var note = ShardMerge.Write(new ResultFile(path), arguments.GetRequiredValue(parts));
            Console.Out.WriteLine(PredictDisplay.Summary(note, path));
        });
        return command;
    }

    private static IEnumerable<InputImage> Images(string[] inputs, string? list) =>
        (inputs, list) switch
        {
            ([], null) => throw new CommandException("Name folders, files or patterns, or a list of files with --list."),
            ([], "-") => InputImages.Read(Console.In),
            ([], var path) => InputImages.Read(File.OpenText(path)),
            (_, null) => InputImages.Find(inputs, Console.Error.WriteLine),
            _ => throw new CommandException("--list goes in place of inputs."),
        };
}
