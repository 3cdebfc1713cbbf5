using System.CommandLine;
using Saccade.Training.Checkpoints;
using Saccade.Training.Commands.Options;
using Saccade.Training.Commands.Train;
using Saccade.Training.Data;
using Saccade.Training.Import;
using Saccade.Training.Loop;
using Saccade.Training.Modules;

namespace Saccade.Training.Commands;

/// <summary><c>train</c>: trains a network, or goes on with a run.</summary>
internal static class TrainCommand
{
    private const int Interrupted = 130; // as a shell reports an interrupt
    private const int FinderSteps = 100;

    /// <summary>The options that most runs need; <c>--help</c> shows these.</summary>
    private static readonly HashSet<string> Usual = new(StringComparer.Ordinal)
    {
        "--arch",
        "--init",
        "--data",
        "--csv",
        "--skip-unreadable",
        "--out",
        "--recipe",
        "--epochs",
        "--batch",
        "--lr",
        "--freeze",
        "--unfreeze-after",
        "--backbone-lr",
        "--no-augmentation",
        "--class-weights",
        "--patience",
        "--input",
        "--width",
        "--seed",
        "--threads",
        "--device",
        "--resume",
    };

    internal static Command Create()
    {
        RunOptions options = new();
        Command command = new("train", "Train a network; Ctrl-C stops after the step under way and --resume goes on from there.");
        foreach (var option in options.Options)
        {
            option.Hidden = !Usual.Contains(option.Name);
            command.Add(option);
        }

        command.Add(HelpAll.For(command));
        command.SetAction((arguments, cancellation) => Task.Run(() => Run(options, arguments, cancellation), CancellationToken.None));
        return command;
    }

    /// <summary>Trains as the options say.</summary>
    /// <param name="options">Which were parsed.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="cancellation">Stops after the step under way.</param>
    /// <param name="mayExtend">Whether a run that is taken up may be given more epochs.</param>
    /// <returns>0, or 130 if it was stopped.</returns>
    internal static int Run(RunOptions options, ParseResult arguments, CancellationToken cancellation, bool mayExtend = true)
    {
        var directory = options.Directory(arguments);
        if (options.FindsRate(arguments))
            return FindRate(options, arguments, directory, cancellation);
        if (directory.HoldsRun && !options.Resumes(arguments))
            throw new CommandException($"'{directory.Path}' holds a run already; add --resume to go on with it, or choose another folder.");

        Action<string> say = Console.Out.WriteLine;
        var resumes = directory.HoldsRun;
        var (record, data, initial, opened) = resumes
            ? Continue(options, arguments, directory, mayExtend, say)
            : options.Start(arguments, say);
        var device = options.Device(arguments, record);
        using var teachers = TeacherOptions.Build(opened, record, device);
        using Trainer trainer = new(
            record,
            data,
            directory,
            TimeProvider.System,
            options.Loaders(arguments),
            device,
            Initialise(initial, record, data, say),
            teachers
        );
        if (resumes && directory.HoldsCheckpoint)
            Resume(trainer, directory, record, say);
        else
            directory.WriteRecord(record);

        say(
            $"{record.Network.Architecture}, width {record.Network.Width}, input {record.Network.InputSize}, "
                + $"{trainer.State.Network.Network.Parameters:N0} parameters; "
                + $"{record.Data.TrainImages:N0} training and {record.Data.HeldOutImages:N0} held-out images; {record.Threads} threads"
                + (
                    record.Replicas is { } replicas
                        ? $" for each of {replicas.Count} replicas, {replicas.Mode.ToString().ToLowerInvariant()}"
                        : ""
                )
        );
        if (!record.Recipe.Freeze.IsNone)
            say(FrozenLine(record));
        var events = options.WritesTensorBoard(arguments) ? new TensorBoardEvents(directory.TensorBoardFolder) : null;
        if (!TrainDisplay.Run(trainer, record.Recipe.Epochs, events, cancellation))
        {
            Console.Error.WriteLine($"Stopped after step {trainer.State.Progress.Step}; --resume goes on from there.");
            return Interrupted;
        }

        var best = trainer.State.Progress;
        if (trainer.StoppedEarly)
            say($"stopped early: nothing better since epoch {best.BestEpoch}, which export --best takes");
        say($"{directory.WeightsFile}: held-out top-1 {trainer.Epochs[^1].Top1Used:P2} ({record.Data.Split})");
        if (best.BestEpoch > 0 && best.BestEpoch < trainer.Epochs[^1].Epoch)
            say($"{directory.BestFile}: epoch {best.BestEpoch}, {best.BestTop1:P2}, chosen by the held-out part");
        return 0;
    }

    private static (RunRecord Record, DataSet Data, InitialNetwork? Initial, IReadOnlyList<TeacherSource> Teachers) Continue(
        RunOptions options,
        ParseResult arguments,
        RunDirectory directory,
        bool mayExtend,
        Action<string> say
    )
    {
        var (record, data) = options.Continue(arguments, mayExtend);
        var teachers = TeacherOptions.Reopen(record, line => say($"teacher: {line}"));
        if (directory.HoldsCheckpoint)
            return (record, data, null, teachers);
        say($"'{directory.Path}' holds no checkpoint yet: starting from the beginning");
        return (record, data, InitOptions.Reopen(record, say), teachers);
    }

    /// <summary>Goes on from the checkpoint; a run that was given more epochs says so, here and in its record.</summary>
    private static void Resume(Trainer trainer, RunDirectory directory, RunRecord record, Action<string> say)
    {
        trainer.Resume();
        var before = directory.ReadRecord().Recipe.Epochs;
        if (before == record.Recipe.Epochs)
            return;
        trainer.Extend(before);
        say(
            $"{before} -> {record.Recipe.Epochs} epochs: from step {trainer.State.Progress.Step} the rate is that of a run of "
                + $"{record.Recipe.Epochs} epochs, {trainer.LearningRate:G3}"
                + (trainer.Epochs.Count > 0 ? $" after {trainer.Epochs[^1].LearningRate:G3}" : "")
        );
    }

    private static Action<NetworkModule>? Initialise(InitialNetwork? initial, RunRecord record, DataSet data, Action<string> say) =>
        initial is null ? null : network => initial.Apply(network, record.Labels, record.Preprocessing, data.Train, say);

    private static string FrozenLine(RunRecord record)
    {
        var recipe = record.Recipe;
        var until = recipe.UnfreezeAfter is { } epochs ? $"for {epochs} epochs" : "throughout";
        return $"frozen {until}: {recipe.Freeze}"
            + (recipe.KeepsFeatures ? $"; features of {recipe.CachedFeatures ?? 1} view(s) of every image are computed once" : "");
    }

    private static int FindRate(RunOptions options, ParseResult arguments, RunDirectory directory, CancellationToken cancellation)
    {
        Action<string> say = Console.Out.WriteLine;
        var (record, data, initial, opened) = options.Start(arguments, say);
        var device = options.Device(arguments, record);
        using var teachers = TeacherOptions.Build(opened, record, device);
        var trials = new LearningRateFinder(record, data, TimeProvider.System).Run(
            FinderSteps,
            device,
            Initialise(initial, record, data, say),
            teachers,
            cancellation
        );
        if (cancellation.IsCancellationRequested || trials.Count == 0)
            throw new CommandException("No learning rate was found: it was stopped, or the loss was never a number.");

        var lowest = trials.MinBy(trial => trial.Loss);
        Directory.CreateDirectory(directory.Path);
        AtomicFile.WriteText(directory.RateCurveFile, LearningRateSvg.Draw(trials, lowest.Rate / 10));
        say(
            $"tried {trials.Count} rates from {trials[0].Rate:G2} to {trials[^1].Rate:G2}; loss {lowest.Loss:F4} at {lowest.Rate:G2} is "
                + $"the lowest: try --lr {lowest.Rate / 10:G2} ({directory.RateCurveFile})"
        );
        return 0;
    }
}
