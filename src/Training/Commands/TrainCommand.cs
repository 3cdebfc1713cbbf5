using System.CommandLine;
using Saccade.Training.Commands.Options;
using Saccade.Training.Commands.Train;
using Saccade.Training.Loop;

namespace Saccade.Training.Commands;

/// <summary><c>train</c>: trains a network, or goes on with a run.</summary>
internal static class TrainCommand
{
    private const int Interrupted = 130; // as a shell reports an interrupt

    internal static Command Create()
    {
        RunOptions options = new();
        Command command = new("train", "Train a network; Ctrl-C stops after the step under way and --resume goes on from there.");
        foreach (var option in options.Options)
            command.Add(option);
        command.SetAction((arguments, cancellation) => Task.Run(() => Run(options, arguments, cancellation), CancellationToken.None));
        return command;
    }

    /// <summary>Trains as the options say.</summary>
    /// <returns>0, or 130 if it was stopped.</returns>
    internal static int Run(RunOptions options, ParseResult arguments, CancellationToken cancellation)
    {
        var directory = options.Directory(arguments);
        var resumes = options.Resumes(arguments);
        if (directory.HoldsRun && !resumes)
            throw new CommandException($"'{directory.Path}' holds a run already; add --resume to go on with it, or choose another folder.");

        var (record, data) = resumes ? options.Continue(arguments) : options.Start(arguments);
        using Trainer trainer = new(
            record,
            data,
            directory,
            TimeProvider.System,
            options.Loaders(arguments),
            options.Device(arguments, record)
        );
        if (resumes)
            trainer.Resume();
        else
            directory.WriteRecord(record);

        Console.Out.WriteLine(
            $"{record.Network.Architecture}, width {record.Network.Width}, input {record.Network.InputSize}, "
                + $"{trainer.State.Network.Network.Parameters:N0} parameters; "
                + $"{record.Data.TrainImages:N0} training and {record.Data.HeldOutImages:N0} held-out images; {record.Threads} threads"
                + (
                    record.Replicas is { } replicas
                        ? $" for each of {replicas.Count} replicas, {replicas.Mode.ToString().ToLowerInvariant()}"
                        : ""
                )
        );
        if (!TrainDisplay.Run(trainer, record.Recipe.Epochs, cancellation))
        {
            Console.Error.WriteLine($"Stopped after step {trainer.State.Progress.Step}; --resume goes on from there.");
            return Interrupted;
        }

        Console.Out.WriteLine($"{directory.WeightsFile}: held-out top-1 {trainer.Epochs[^1].Top1Used:P2} ({record.Data.Split})");
        return 0;
    }
}
