using Saccade.Inference.Scheduling;

namespace Saccade.Inference.Tests.Simulation;

/// <summary>What a simulated pool runs on: sessions whose runs take as long as the line says, give or take.</summary>
/// <param name="Cost">Of a run.</param>
/// <param name="Sessions">Runs at once.</param>
/// <param name="LargestBatch">Most crops in a run.</param>
internal sealed record Device(CostLine Cost, int Sessions, int LargestBatch)
{
    /// <summary>Two cores, a crop on each: as GoogLeNet at 224 pixels measures here.</summary>
    public static Device TwoCores { get; } = new(new(0.0005, 0.016), Sessions: 2, LargestBatch: 2);

    /// <summary>An accelerator for which batches are everything.</summary>
    public static Device Accelerator { get; } = new(new(0.0015, 0.00012), Sessions: 1, LargestBatch: 32);

    /// <summary>Crops per second in full batches.</summary>
    public double Capacity => Sessions * LargestBatch / Cost.Seconds(LargestBatch);

    /// <summary>Seconds of one run: within a tenth of the line, and now and then three times as long.</summary>
    public double Run(Random random, int crops) => Cost.Seconds(crops) * (random.Next(100) == 0 ? 3 : 0.9 + (0.2 * random.NextDouble()));
}
