using Saccade.Inference;
using Saccade.Inference.Models;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;
using Saccade.Training.Onnx;
using static TorchSharp.torch;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>What <c>evaluate</c> measures: a bundle's graph or a run's network.</summary>
internal sealed class MeasuredModel : IDisposable
{
    private readonly IDisposable _model;
    private readonly Func<IImageSource, CropMode, Action<long>, CancellationToken, Scores> _run;

    private MeasuredModel(IDisposable model, IReadOnlyList<string> labels, Func<IImageSource, CropMode, Action<long>, CancellationToken, Scores> run)
    {
        _model = model;
        _run = run;
        Labels = labels;
    }

    /// <summary>Class names by output index.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Opens a folder.</summary>
    /// <exception cref="CommandException">It holds neither a bundle nor a run.</exception>
    /// <exception cref="InvalidDataException">The run has no weights yet, or the files are damaged.</exception>
    public static MeasuredModel Open(string path, int threads)
    {
        RunDirectory run = new(path);
        if (run.HoldsRun)
            return OpenRun(run, threads);
        return File.Exists(Path.Combine(path, ManifestJson.FileName))
            ? OpenBundle(new BundleFolder(path), threads)
            : throw new CommandException($"'{path}' holds neither a bundle (manifest.json) nor a run (run.json).");
    }

    /// <summary>Runs over all pictures.</summary>
    public Scores Run(IImageSource source, CropMode mode, Action<long> onImages, CancellationToken cancellation) => _run(source, mode, onImages, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private static MeasuredModel OpenRun(RunDirectory run, int threads)
    {
        var record = run.ReadRecord();
        set_num_threads(threads);
        var network = RunWeights.Load(run, record);
        return new MeasuredModel(network, record.Labels, (source, mode, onImages, cancellation) =>
            new Evaluator(source, new EvaluationCrops(mode, record.Preprocessing, record.Network.InputSize), threads, TimeProvider.System)
                .Run(network, onImages, cancellation: cancellation));
    }

    private static MeasuredModel OpenBundle(BundleFolder bundle, int threads)
    {
        var (model, manifest) = bundle.Read();
        OnnxRunner runner = new(model, threads);
        OnnxEvaluator evaluator = new(runner, manifest.Preprocessing, TimeProvider.System);
        return new MeasuredModel(runner, manifest.Labels, (source, mode, onImages, cancellation) => evaluator.Run(source, mode, onImages, cancellation));
    }
}
