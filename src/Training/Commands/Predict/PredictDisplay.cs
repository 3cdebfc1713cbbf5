using System.Globalization;
using Saccade.Training.Prediction;
using Spectre.Console;

namespace Saccade.Training.Commands.Predict;

/// <summary>Shows how far a run is: a bar on a terminal, a line now and then anywhere else.</summary>
internal static class PredictDisplay
{
    /// <summary>Runs to the end.</summary>
    /// <param name="clock">For speed and time left.</param>
    /// <param name="run">Given what to tell of every row.</param>
    public static Task<PredictionNote> ShowAsync(TimeProvider clock, Func<Action<PredictionProgress>, Task<PredictionNote>> run)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
            return run(new ProgressLines(clock, Console.Error.WriteLine).Tell);

        var start = clock.GetTimestamp();
        return AnsiConsole
            .Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask("starting");
                return run(progress =>
                {
                    bar.MaxValue(progress.Total);
                    bar.Value(progress.Done);
                    bar.Description = Markup.Escape(ProgressLines.Line(progress, clock.GetElapsedTime(start)));
                });
            });
    }

    /// <summary>What a complete result holds, in a line.</summary>
    public static string Summary(PredictionNote note, string path)
    {
        var failures = note.Failures ?? new Dictionary<string, long>();
        var failed =
            failures.Count == 0
                ? ""
                : $", {failures.Values.Sum():N0} of them failed ({string.Join(", ", failures.Select(one => $"{one.Value:N0} {one.Key}"))})";
        return string.Create(CultureInfo.InvariantCulture, $"{path}: {note.Rows!.Value.Count:N0} images{failed}");
    }
}
