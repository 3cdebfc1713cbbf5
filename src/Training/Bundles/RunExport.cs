using Saccade.Inference.Bundles;
using Saccade.Training.Data;
using Saccade.Training.Onnx;

namespace Saccade.Training.Bundles;

/// <summary>From a trained run to a bundle.</summary>
public sealed class RunExport
{
    private readonly TrainedRun _run;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;

    /// <summary>Prepares an export.</summary>
    /// <param name="run">What was trained.</param>
    /// <param name="clock">Measures the loader's waiting.</param>
    /// <param name="say">Told each thing that was done, a line each.</param>
    public RunExport(TrainedRun run, TimeProvider clock, Action<string> say)
    {
        _run = run;
        _clock = clock;
        _say = say;
    }

    /// <summary>SPDX identifier of the weights' licence; null leaves it open.</summary>
    public string? Licence { get; init; }

    /// <summary>In what form it leaves.</summary>
    /// <value>The default is 32-bit floats.</value>
    public ExportFormat Format { get; init; } = new();

    /// <summary>What the data that is measured on is called; null where it is the run's own.</summary>
    public string? OtherData { get; init; }

    /// <summary>Images that activation ranges of 8-bit integers are measured on; null where none are wanted.</summary>
    public ActivationRangeImages? RangeImages { get; init; }

    /// <summary>Proves, measures and writes the bundle; nothing is written where a check fails.</summary>
    /// <param name="bundle">Where to.</param>
    /// <param name="data">Its held-out part gives real images for the proof and the accuracy; null where it cannot be reached.</param>
    /// <param name="plans">Crop plans to measure.</param>
    /// <param name="cancellation">Stops between steps; nothing is written then.</param>
    /// <exception cref="InvalidDataException">The graph is not equal to the trained network, or a file is not what it should
    /// be.</exception>
    public void Write(BundleFolder bundle, DataSet? data, IReadOnlyList<CropMode> plans, CancellationToken cancellation = default) =>
        new BundleExport(_run.Network, _run.Weights, Manifest(), Format, _clock, _say)
        {
            DataName = OtherData ?? _run.Record.Data.Location.Name,
            AccuracyNote =
                OtherData is not null ? $"trained on {_run.Record.Data.Location.Name}"
                : _run.IsBest ? "these images chose the epoch that the weights are of, so the figure is too good"
                : null,
            RangeImages = RangeImages,
        }.Write(bundle, data, plans, cancellation);

    private ModelManifest Manifest()
    {
        var provenance = ModelMetadata.Provenance(_run.Record);
        if (_run.IsBest)
            provenance["weights"] = "of the epoch that did best on the held-out part";
        return new()
        {
            Architecture = BundleExport.Describe(_run.Network, _run.Record.Network.Width),
            Preprocessing = _run.Record.Preprocessing,
            Labels = _run.Record.Labels,
            Provenance = provenance,
            Licence = Licence,
            Input = BundleExport.InputOf(_run.Network, Format),
            Output = OnnxWriter.OutputName,
            Precision = Format.Precision,
        };
    }
}
