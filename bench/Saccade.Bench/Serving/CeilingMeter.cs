using Saccade.Bench.Ceiling;
using Saccade.Inference.Bundles;

namespace Saccade.Bench.Serving;

/// <summary>What the machine can do at best, for one bundle and image.</summary>
internal sealed class CeilingMeter(string graph, ModelManifest manifest, byte[] image, Action<string> say)
{
    private static readonly TimeSpan SweepStretch = TimeSpan.FromSeconds(1);

    private readonly int _cores = Environment.ProcessorCount;

    /// <summary>A short measurement of every layout.</summary>
    public IReadOnlyList<SweepCell> Sweep(IReadOnlyList<int> batches)
    {
        var cells = new List<SweepCell>();
        foreach (var layout in RuntimeLayout.Grid(_cores, batches))
        {
            cells.Add(new SweepCell(layout, Raw(layout, SweepStretch)));
            say(
                $"ONNX Runtime alone, {layout}: {cells[^1].Rate.ImagesPerSecond:F1} images/s, {cells[^1].Rate.ProcessorMsPerImage:F1} ms "
                    + "of processor time each"
            );
        }

        return cells;
    }

    /// <summary>Decode and preprocess alone.</summary>
    public StageCosts Stages(TimeSpan stretch)
    {
        var costs = StageCosts.Measure(image, manifest, stretch);
        say($"decode ({costs.JpegDecoder}) {costs.DecodeMs:F2} ms, resize and crop {costs.PreprocessMs:F2} ms on one thread");
        return costs;
    }

    /// <summary>ONNX Runtime alone.</summary>
    public RawRate Raw(RuntimeLayout layout, TimeSpan stretch)
    {
        using var runtime = new RawRuntime(graph, manifest, layout);
        return runtime.Measure(stretch);
    }

    /// <summary>The ceiling from two measurements of the runtime.</summary>
    public CeilingFigures Figures(RawRate before, RawRate after, StageCosts costs) =>
        new(
            _cores,
            (before.ImagesPerSecond + after.ImagesPerSecond) / 2,
            (before.ProcessorMsPerImage + after.ProcessorMsPerImage) / 2,
            costs.DecodeMs,
            costs.PreprocessMs
        );
}
