using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;
using Saccade.Training.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>A run's network: fixed numbers of crops through TorchSharp; <c>auto</c> through the engine, as a bundle that is made for it and
/// thrown away.</summary>
internal sealed class MeasuredRun : MeasuredModel
{
    private readonly RunDirectory _run;
    private readonly RunRecord _record;
    private readonly NetworkModule _network;
    private readonly int _threads;
    private DirectoryInfo? _exported;
    private MeasuredEngine? _engine;

    /// <summary>Loads the run's weights.</summary>
    /// <exception cref="InvalidDataException">It has none yet.</exception>
    public MeasuredRun(RunDirectory run, int threads)
    {
        (_run, _record, _threads) = (run, run.ReadRecord(), threads);
        set_num_threads(threads);
        _network = RunWeights.Load(run, _record);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels => _record.Labels;

    /// <inheritdoc/>
    public override long Macs => _network.Network.Macs;

    /// <inheritdoc/>
    public override IReadOnlyList<CropMode> Plans => CropPlans.With(_record.Preprocessing.CropPlans?.Keys ?? []);

    /// <inheritdoc/>
    public override async Task<PlanMeasurement> RunAsync(
        IImageSource source,
        CropMode mode,
        Action<long> onImages,
        CancellationToken cancellation
    )
    {
        if (mode.IsAuto)
            return await (_engine ??= await ExportAsync(cancellation)).RunAsync(source, mode, onImages, cancellation);
        var crops = new EvaluationCrops(mode, _record.Preprocessing, _record.Network.InputSize);
        var scores = new Evaluator(source, crops, _threads, TimeProvider.System).Run(_network, onImages, cancellation: cancellation);
        return new(scores, mode.Crops, (double)mode.Crops * Macs, members: 1);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _network.Dispose();
        if (_engine is not null)
            await _engine.DisposeAsync();
        _exported?.Delete(recursive: true);
    }

    private async Task<MeasuredEngine> ExportAsync(CancellationToken cancellation)
    {
        _exported = Directory.CreateTempSubdirectory("saccade-evaluate-run-");
        var bundle = new BundleFolder(Path.Combine(_exported.FullName, "bundle"));
        new RunExport(TrainedRun.Read(_run), TimeProvider.System, _ => { }).Write(bundle, data: null, [], cancellation);
        return await MeasuredEngine.StartAsync(bundle.Path, _threads);
    }
}
