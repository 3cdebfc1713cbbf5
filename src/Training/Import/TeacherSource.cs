using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Loop;
using Saccade.Training.Onnx;
using Saccade.Training.Serving;
using TorchSharp;

namespace Saccade.Training.Import;

/// <summary>A trained network that a run learns from, not built yet: a run, a bundle of floats or of 8-bit integers, or an
/// ensemble.</summary>
/// <param name="Origin">Where it comes from.</param>
/// <param name="InputSize">Rows and columns of its input.</param>
/// <param name="Preprocessing">What images go through before it sees them.</param>
/// <param name="Labels">Its classes; null where the source does not name them.</param>
internal sealed record TeacherSource(RunInit Origin, int InputSize, ManifestPreprocessing Preprocessing, IReadOnlyList<string>? Labels)
{
    // One of the three.
    private InitialNetwork? Floats { get; init; }

    private byte[]? Integers { get; init; }

    private (TeacherSource Source, double Weight, double Temperature)[] Members { get; init; } = [];

    /// <summary>Finds it.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="say">Told what was found, a line each.</param>
    /// <returns>Null where it is none of these.</returns>
    /// <exception cref="InvalidDataException">It is damaged, or a member of an ensemble is missing.</exception>
    public static TeacherSource? Open(string path, Action<string> say)
    {
        if (ServedFolder.Find(path) is var served && File.Exists(Path.Combine(served, EnsembleJson.FileName)))
            return OfEnsemble(path, served, say);
        if (
            InitialNetworks.BundleOf(path) is { } folder
            && new BundleFolder(folder).Read() is var (model, manifest)
            && manifest.Precision == Precision.Int8
        )
        {
            say($"bundle '{path}': {manifest.Architecture.Name}, {manifest.Labels.Count} classes, 8-bit integers");
            return new(InitialNetworks.OriginOf(path, model), manifest.Input.Height, manifest.Preprocessing, manifest.Labels)
            {
                Integers = model,
            };
        }

        return InitialNetworks.OpenOwn(path, say) is { } network
            ? new(network.Origin, network.Network.InputSize, network.Preprocessing, network.Labels) { Floats = network }
            : null;
    }

    /// <summary>Whether it sees images as a run does. From where a crop is cut is the run's affair; what its pixels mean is not.</summary>
    /// <param name="inputSize">Rows and columns of the run's input.</param>
    /// <param name="preprocessing">What the run does to images.</param>
    public bool Sees(int inputSize, ManifestPreprocessing preprocessing) =>
        InputSize == inputSize
        && (Preprocessing.ChannelOrder, Preprocessing.Scale) == (preprocessing.ChannelOrder, preprocessing.Scale)
        && Preprocessing.Mean.SequenceEqual(preprocessing.Mean)
        && Preprocessing.Std.SequenceEqual(preprocessing.Std)
        && Members.All(member => member.Source.Sees(inputSize, preprocessing));

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
        if (Members.Length > 0)
            return new EnsembleTeacher([
                .. Members.Select(member => new EnsembleTeacherMember(
                    member.Source.Build(labels, images, threads, device, say),
                    member.Weight,
                    member.Temperature
                )),
            ]);
        if (Integers is { } model)
            return new IntegerTeacher(new OnnxRunner(model, threads), Preprocessing);
        var network = Floats!.Build(labels, images, say);
        network.MoveTo(device);
        return new NetworkTeacher(network);
    }

    private static TeacherSource OfEnsemble(string path, string folder, Action<string> say)
    {
        using var links = ModelLinks.To(folder);
        var members = links.Bundles.Zip(links.Ensemble!.Members, (bundle, member) => Member(bundle.Folder, member.Weight)).ToArray();
        var first = members[0].Source;
        return new(new RunInit(path, "ensemble", links.Fingerprint()), first.InputSize, first.Preprocessing, first.Labels)
        {
            Members = members,
        };

        (TeacherSource Source, double Weight, double Temperature) Member(string bundle, double weight) =>
            (Open(bundle, say)!, weight, new BundleFolder(bundle).Read().Manifest.TemperatureScaling?.Temperature ?? 1);
    }
}
