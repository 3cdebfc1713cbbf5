using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Loop;
using Saccade.Training.Onnx;
using TorchSharp;

namespace Saccade.Training.Import;

/// <summary>A trained network that a run learns from, not built yet: a run, a bundle of floats or one of 8-bit integers.</summary>
/// <param name="Origin">Where it comes from.</param>
/// <param name="InputSize">Rows and columns of its input.</param>
/// <param name="Preprocessing">What images go through before it sees them.</param>
/// <param name="Labels">Its classes; null where the source does not name them.</param>
internal sealed record TeacherSource(RunInit Origin, int InputSize, ManifestPreprocessing Preprocessing, IReadOnlyList<string>? Labels)
{
    // One of the two.
    private InitialNetwork? Floats { get; init; }

    private byte[]? Integers { get; init; }

    /// <summary>Finds it.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="say">Told what was found, a line.</param>
    /// <returns>Null where it is none of these.</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static TeacherSource? Open(string path, Action<string> say)
    {
        if (InitialNetworks.BundleOf(path) is { } folder)
        {
            var (model, manifest) = new BundleFolder(folder).Read();
            if (manifest.Precision == Precision.Int8)
            {
                say($"bundle '{path}': {manifest.Architecture.Name}, {manifest.Labels.Count} classes, 8-bit integers");
                return new(InitialNetworks.OriginOf(path, model), manifest.Input.Height, manifest.Preprocessing, manifest.Labels)
                {
                    Integers = model,
                };
            }
        }

        return InitialNetworks.OpenOwn(path, say) is { } network
            ? new(network.Origin, network.Network.InputSize, network.Preprocessing, network.Labels) { Floats = network }
            : null;
    }

    /// <summary>Builds it.</summary>
    /// <param name="labels">The classes that it must have.</param>
    /// <param name="images">What statistics of batch norm are measured on, if need be.</param>
    /// <param name="threads">Threads that compute integers.</param>
    /// <param name="device">What computes floats.</param>
    /// <param name="say">Told what was measured, a line each.</param>
    /// <exception cref="InvalidDataException">It has other classes.</exception>
    public ITeacher Build(IReadOnlyList<string> labels, IImageSource images, int threads, torch.Device device, Action<string> say)
    {
        if (Labels is null || !Labels.SequenceEqual(labels, StringComparer.Ordinal))
            throw new InvalidDataException($"'{Origin.Source}' has other classes than the data, or in another order.");
        if (Integers is { } model)
            return new IntegerTeacher(new OnnxRunner(model, threads), Preprocessing);
        var network = Floats!.Build(labels, images, say);
        network.MoveTo(device);
        return new NetworkTeacher(network);
    }
}
