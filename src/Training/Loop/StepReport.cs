namespace Saccade.Training.Loop;

/// <summary>Told after every step.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Step">Steps of this epoch done.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="Loss">Mean training loss of the epoch so far.</param>
/// <param name="ImagesPerSecond">Of the epoch so far, as far as this process trained it.</param>
public readonly record struct StepReport(int Epoch, int Step, int Steps, double Loss, double ImagesPerSecond);
