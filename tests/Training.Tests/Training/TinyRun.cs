using Saccade.Inference.Bundles;
using Saccade.Inference.Decoding;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Recipes;

namespace Saccade.Training.Tests.Training;

/// <summary>The smallest run that has everything: auxiliary classifiers, dropout, batch norm, augmentation, an average.</summary>
internal static class TinyRun
{
    private const int Classes = 3;

    public static Recipe Recipe { get; } =
        new()
        {
            Name = "test",
            Epochs = 2,
            BatchSize = 5,
            LearningRate = 0.05,
            LabelSmoothing = 0.1,
            Averaging = new() { Decay = 0.9 },
            Augmentation = new() { ErasingProbability = 0.3 },
        };

    public static DataSet Data { get; } = new(["dark", "middle", "bright"], "computed", new Shades(12), new Shades(6));

    /// <summary>Ten batches of twelve.</summary>
    public static DataSet TenBatches { get; } = new(["dark", "middle", "bright"], "computed", new Shades(120), new Shades(24));

    public static RunRecord Record(Recipe recipe) =>
        new()
        {
            Network = new RunNetwork
            {
                Architecture = "googlenet-bn",
                Classes = Classes,
                Width = 0.125,
                InputSize = 28,
                Aux = true,
            },
            Labels = Data.Labels,
            Preprocessing = new ManifestPreprocessing(
                28,
                32,
                Interpolation.Bilinear,
                ChannelOrder.Rgb,
                1,
                [0.5f, 0.5f, 0.5f],
                [0.25f, 0.25f, 0.25f]
            ),
            Data = new RunData("computed", Data.Split, Data.Train.Count, Data.HeldOut.Count),
            Recipe = recipe,
            Seed = 3,
            Threads = 1, // two would spin for each other on a busy machine
            CommandLine = "train",
            Versions = new Dictionary<string, string> { ["dotnet"] = "10" },
        };

    /// <summary>Noise whose brightness tells the class.</summary>
    private sealed class Shades(int count) : IImageSource
    {
        public int Count => count;

        public int LabelOf(int index) => index % Classes;

        public DecodedImage Load(int index)
        {
            var random = SplitMix64.At(count, index);
            var pixels = new byte[3 * 28 * 28];
            foreach (ref var value in pixels.AsSpan())
                value = (byte)((80 * LabelOf(index)) + random.Next(80));
            return new DecodedImage(pixels, 28, 28);
        }
    }
}
