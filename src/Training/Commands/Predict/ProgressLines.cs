using System.Globalization;
using Saccade.Training.Prediction;

namespace Saccade.Training.Commands.Predict;

/// <summary>Tells how far a run is, a line at a time, not too often.</summary>
/// <param name="clock">For speed and time left.</param>
/// <param name="say">Told the lines.</param>
internal sealed class ProgressLines(TimeProvider clock, Action<string> say)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly long _start = clock.GetTimestamp();
    private long _told = clock.GetTimestamp();

    /// <summary>A row was written.</summary>
    public void Tell(PredictionProgress progress)
    {
        if (clock.GetElapsedTime(_told) < Pause)
            return;
        _told = clock.GetTimestamp();
        say(Line(progress, clock.GetElapsedTime(_start)));
    }

    /// <summary>How far, how fast, how long still.</summary>
    /// <param name="progress">Of the run.</param>
    /// <param name="elapsed">Since its start.</param>
    public static string Line(PredictionProgress progress, TimeSpan elapsed)
    {
        var speed = progress.Computed / Math.Max(1e-9, elapsed.TotalSeconds);
        var left = TimeSpan.FromSeconds(Math.Ceiling((progress.Total - progress.Done) / Math.Max(1e-9, speed)));
        var failed = progress.Failed == 0 ? "" : $", {progress.Failed:N0} failed";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Done:N0} of {progress.Total:N0} images{failed}, {speed:F0} images/s, {left:c} left"
        );
    }
}
