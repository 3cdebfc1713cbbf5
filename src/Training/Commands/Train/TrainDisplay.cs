using Saccade.Training.Loop;
using Spectre.Console;

namespace Saccade.Training.Commands.Train;

/// <summary>Shows a run: one line an epoch, and on a terminal a progress bar below them.</summary>
internal static class TrainDisplay
{
    /// <summary>Runs the trainer to its end.</summary>
    /// <param name="trainer">What runs.</param>
    /// <param name="epochs">Epochs of the run.</param>
    /// <param name="events">Takes every epoch too; null where nobody asked for them.</param>
    /// <param name="cancellation">Stops after the step under way.</param>
    /// <returns>False if it was cancelled.</returns>
    public static bool Run(Trainer trainer, int epochs, TensorBoardEvents? events, CancellationToken cancellation)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
            return trainer.Run(
                onEpoch: epoch =>
                {
                    Console.Out.WriteLine(Line(epoch, epochs));
                    events?.Add(epoch);
                },
                cancellation: cancellation
            );

        return AnsiConsole
            .Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var bar = context.AddTask("starting");
                return trainer.Run(
                    step =>
                    {
                        bar.MaxValue(step.Steps);
                        bar.Value(step.Step);
                        bar.Description = $"epoch {step.Epoch}/{epochs}, loss {step.Loss:F4}, {step.ImagesPerSecond:F0} images/s";
                    },
                    epoch =>
                    {
                        AnsiConsole.WriteLine(Line(epoch, epochs));
                        events?.Add(epoch);
                    },
                    cancellation
                );
            });
    }

    private static string Line(EpochResult epoch, int epochs) =>
        $"epoch {epoch.Epoch, 3}/{epochs}  lr {epoch.LearningRate:F5}  loss {epoch.Loss:F4}"
        + (epoch.Top1 is { } trained ? $"  top-1 {trained * 100:F2} %" : "")
        + (epoch.Top1Averaged is { } averaged ? $"  averaged {averaged * 100:F2} %" : "")
        + (epoch.HeldOutLoss is { } loss ? $"  held-out loss {loss:F4}" : "")
        + $"  {epoch.ImagesPerSecond:F0} images/s  waiting {epoch.WaitingShare * 100:F1} %  {epoch.Seconds:F0} s";
}
