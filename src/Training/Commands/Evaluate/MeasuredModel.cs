using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Commands.Options;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;

namespace Saccade.Training.Commands.Evaluate;

/// <summary>What <c>evaluate</c> measures: a bundle or an ensemble as the service would answer, or a run's network.</summary>
internal abstract class MeasuredModel : IAsyncDisposable
{
    /// <summary>Class names by output index.</summary>
    public abstract IReadOnlyList<string> Labels { get; }

    /// <summary>Multiply-adds of one crop by every model that is asked.</summary>
    public abstract long Macs { get; }

    /// <summary>What it can be asked for.</summary>
    public abstract IReadOnlyList<CropMode> Plans { get; }

    /// <summary>Opens a folder.</summary>
    /// <param name="path">What is measured.</param>
    /// <param name="threads">Threads that compute; null leaves the choice to the engine, and gives a run all cores.</param>
    /// <exception cref="CommandException">It holds no bundle, no ensemble and no run.</exception>
    /// <exception cref="InvalidDataException">What it holds cannot be measured.</exception>
    public static async Task<MeasuredModel> OpenAsync(string path, int? threads)
    {
        RunDirectory run = new(path);
        if (run.HoldsRun)
            return new MeasuredRun(run, threads ?? Environment.ProcessorCount);
        return ServedFolder.Holds(path)
            ? await MeasuredEngine.StartAsync(path, threads ?? 0)
            : throw new CommandException(
                $"'{path}' holds neither a bundle (manifest.json) nor an ensemble (ensemble.json) nor a run (run.json)."
            );
    }

    /// <summary>Runs over all images.</summary>
    /// <param name="source">The images.</param>
    /// <param name="mode">The crops of each.</param>
    /// <param name="onImages">Told the number of images done.</param>
    /// <param name="cancellation">Stops.</param>
    public abstract Task<PlanMeasurement> RunAsync(
        IImageSource source,
        CropMode mode,
        Action<long> onImages,
        CancellationToken cancellation
    );

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
