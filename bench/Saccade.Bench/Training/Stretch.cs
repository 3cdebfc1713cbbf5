namespace Saccade.Bench.Training;

/// <summary>What a stretch of steps took.</summary>
/// <param name="Wall">Seconds by the clock.</param>
/// <param name="Processor">Seconds of processor time, of all threads.</param>
internal readonly record struct Stretch(double Wall, double Processor);
