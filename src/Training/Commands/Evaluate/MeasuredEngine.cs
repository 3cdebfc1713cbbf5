using Saccade.Inference.Bundles;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;
using Saccade.Training.Serving;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>A bundle or an ensemble, asked through the engine that serves it.</summary>
internal sealed class MeasuredEngine : MeasuredModel
{
    private readonly LocalEngine _engine;
    private readonly Dictionary<string, long> _macsOf;

    private MeasuredEngine(LocalEngine engine)
    {
        _engine = engine;
        _macsOf = engine
            .MemberNames.Zip(engine.Members)
            .ToDictionary(member => member.First, member => member.Second.Manifest!.Architecture.Macs, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels => _engine.Labels;

    /// <inheritdoc/>
    public override long Macs => _macsOf.Values.Sum();

    /// <inheritdoc/>
    public override IReadOnlyList<CropMode> Plans => _engine.CropModes;

    public static async Task<MeasuredEngine> StartAsync(string path, int threads) => new(await LocalEngine.StartAsync(path, threads));

    /// <inheritdoc/>
    public override async Task<PlanMeasurement> RunAsync(
        IImageSource source,
        CropMode mode,
        Action<long> onImages,
        CancellationToken cancellation
    )
    {
        PlanMeasurement measurement = new(Labels.Count);
        await _engine.AskAsync(
            source,
            [.. Enumerable.Range(0, source.Count)],
            new() { Crops = mode },
            (index, answer) =>
            {
                measurement.Add(answer, source.LabelOf(index), _macsOf, index);
                onImages(measurement.Scores.Images);
            },
            cancellation
        );
        return measurement;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _engine.DisposeAsync();
}
