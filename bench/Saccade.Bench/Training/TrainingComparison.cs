using Saccade.Inference.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Recipes;

namespace Saccade.Bench.Training;

/// <summary>What one network's training costs here and in Python, measured in turns.</summary>
/// <param name="Options">What was trained.</param>
/// <param name="Parameters">Trainable values, auxiliary classifiers included.</param>
/// <param name="Torch">The peer's version.</param>
/// <param name="Own">Stretches of the tool.</param>
/// <param name="ChannelsLast">Stretches of Python with the batch channels last, in the same rounds.</param>
/// <param name="ChannelsFirst">Stretches of Python with torch's default order.</param>
internal sealed record TrainingComparison(
    TrainingOptions Options,
    long Parameters,
    string Torch,
    IReadOnlyList<Stretch> Own,
    IReadOnlyList<Stretch> ChannelsLast,
    IReadOnlyList<Stretch> ChannelsFirst
)
{
    private const int WarmUp = 3; // until methods are compiled for good

    /// <summary>Measures; the order within a round changes from round to round, and each kind runs some stretches before that count for
    /// nothing.</summary>
    /// <exception cref="InvalidOperationException">The networks differ.</exception>
    public static TrainingComparison Measure(TrainingOptions options)
    {
        var record = Record(options);
        var network = RunNetworks.Build(record.Network);
        using TorchPeer peer = TorchPeer.Start(NetworkJson.Of(network, options));
        if (peer.Parameters != network.ParametersWithAux)
            throw new InvalidOperationException($"The peer's network has {peer.Parameters} parameters, not {network.ParametersWithAux}.");
        using OwnTraining own = new(record, options);
        Func<Stretch>[] kinds =
        [
            () => own.Run(options.Steps),
            () => peer.Run(channelsLast: true, options.Steps),
            () => peer.Run(channelsLast: false, options.Steps),
        ];
        var stretches = kinds.Select(_ => new List<Stretch>()).ToArray();
        for (var warm = 0; warm < WarmUp; warm++)
            Array.ForEach(kinds, kind => kind());
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var turn = 0; turn < kinds.Length; turn++)
            {
                var kind = (turn + round) % kinds.Length;
                stretches[kind].Add(kinds[kind]());
            }
        }

        return new(options, network.ParametersWithAux, peer.Version, stretches[0], stretches[1], stretches[2]);
    }

    /// <summary>Images a second of a stretch's clock.</summary>
    public double Speed(IReadOnlyList<Stretch> stretches) =>
        Median.Of(stretches.Select(stretch => Options.Steps * Options.Batch / stretch.Wall));

    /// <summary>How many times Python's speed, round by round, by the clock and by processor time.</summary>
    public (double Wall, double Processor) Over(IReadOnlyList<Stretch> python) =>
        (
            Median.Of(Own.Zip(python, (own, other) => other.Wall / own.Wall)),
            Median.Of(Own.Zip(python, (own, other) => other.Processor / own.Processor))
        );

    private static RunRecord Record(TrainingOptions options) =>
        new()
        {
            Network = new RunNetwork
            {
                Architecture = options.Architecture,
                Classes = options.Classes,
                Width = options.Width,
                InputSize = options.Input,
                Aux = options.Aux,
            },
            Labels = [.. Enumerable.Range(0, options.Classes).Select(label => $"{label}")],
            Preprocessing = new(options.Input, options.Input + 1, Interpolation.Bilinear, ChannelOrder.Rgb, 1, [0, 0, 0], [1, 1, 1]),
            Data = new RunData("none", "none", options.Batch, 0),
            Recipe = NamedRecipes.All[NamedRecipes.SmallData] with { Averaging = new() { Kind = AveragingKind.None } },
            Seed = 1,
            Threads = options.Threads,
            CommandLine = "bench",
            Versions = new Dictionary<string, string>(),
        };
}
