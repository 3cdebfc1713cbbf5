using Saccade.Training.Experiments;

namespace Saccade.Training.Tests.Experiments;

internal static class TinyExperiment
{
    public static Experiment Make() =>
        new()
        {
            Name = "tiny",
            Title = "Small & quick",
            Published = "Nobody did.",
            Common = "--arch googlenet-bn --width 0.125 --input 28 --batch 4",
            Epochs = 2,
            Variants =
            [
                new("plain", "", "50 %"),
                new("uniform mean", "--averaging polyak --averaging-from {half}"),
                new("last weights", "") { TrainedWeightsOf = "uniform mean" },
            ],
        };
}
