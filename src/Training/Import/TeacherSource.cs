using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Loop;
using Saccade.Training.Networks.Layers;
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

    private (TeacherSource Source, double Weight)[] Members { get; init; } = [];

    /// <summary>What the service divides a bundle's logits by. It counts in ensembles only.</summary>
    private double Temperature { get; init; } = 1;

    /// <summary>Finds it.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="say">Told what was found, a line each.</param>
    /// <returns>Null where it is none of these.</returns>
    /// <exception cref="InvalidDataException">It is damaged, a member of an ensemble is missing, or the output is not logits of classes of
    /// which one is right.</exception>
    public static TeacherSource? Open(string path, Action<string> say)
    {
        if (ServedFolder.Find(path) is var served && ServedFolder.HoldsEnsemble(served))
            return OfEnsemble(path, served, say);
        return InitialNetworks.BundleOf(path) is { } folder ? OfBundle(path, folder, say) : OfFloats(path, say);
    }

    /// <summary>Itself or the first of its members that sees images otherwise than a run does; null where there is none. From where a crop
    /// is cut is the run's affair; what its pixels mean is not.</summary>
    /// <param name="inputSize">Rows and columns of the run's input.</param>
    /// <param name="preprocessing">What the run does to images.</param>
    public TeacherSource? SeeingOtherwise(int inputSize, ManifestPreprocessing preprocessing)
    {
        if (Members.Length > 0)
            return Members.Select(member => member.Source.SeeingOtherwise(inputSize, preprocessing)).FirstOrDefault(one => one is not null);
        var same =
            InputSize == inputSize
            && (Preprocessing.ChannelOrder, Preprocessing.Scale) == (preprocessing.ChannelOrder, preprocessing.Scale)
            && Preprocessing.Mean.SequenceEqual(preprocessing.Mean)
            && Preprocessing.Std.SequenceEqual(preprocessing.Std);
        return same ? null : this;
    }

    /// <summary>Builds it.</summary>
    /// <param name="labels">The classes that it must have.</param>
    /// <param name="threads">Threads that compute integers.</param>
    /// <param name="device">What computes floats.</param>
    /// <exception cref="InvalidDataException">It has other classes, or its graph does not do what its manifest says.</exception>
    public ITeacher Build(IReadOnlyList<string> labels, int threads, torch.Device device)
    {
        if (Members.Length > 0)
            return new EnsembleTeacher([
                .. Members.Select(member => new EnsembleTeacherMember(
                    member.Source.Build(labels, threads, device),
                    member.Weight,
                    member.Source.Temperature
                )),
            ]);
        if (Labels is null || !Labels.SequenceEqual(labels, StringComparer.Ordinal))
            throw new InvalidDataException($"'{Origin.Source}' has other classes than the data, or in another order.");
        if (Integers is { } model)
            return new IntegerTeacher(Runner(model, labels.Count, threads), Preprocessing);
        var network = Floats!.Build(labels.Count);
        network.MoveTo(device);
        return new NetworkTeacher(network);
    }

    private OnnxRunner Runner(byte[] model, int classes, int threads)
    {
        OnnxRunner runner = new(model, threads);
        if (runner.Classes == classes && runner.Input == new Shape(3, InputSize, InputSize))
            return runner;
        runner.Dispose();
        throw new InvalidDataException(
            $"'{Origin.Source}' cannot teach: its graph has not one logit a class, or another input than it says."
        );
    }

    private static TeacherSource? OfFloats(string path, Action<string> say) =>
        InitialNetworks.OpenOwn(path, say) is { } network
            ? new(network.Origin, network.Network.InputSize, network.Preprocessing, network.Labels) { Floats = network }
            : null;

    private static TeacherSource OfBundle(string path, string folder, Action<string> say)
    {
        var (model, manifest) = new BundleFolder(folder).Read();
        if (manifest is not { Activation: null or Activation.Softmax, Threshold: null })
            throw new InvalidDataException(
                $"'{path}' cannot teach: its output is not logits of classes of which one is right, but of activation "
                    + $"{EnumNames<Activation>.NameOf(manifest.Activation ?? Activation.Softmax)}"
                    + $"{(manifest.Threshold is null ? "" : " with a threshold")}."
            );
        var temperature = manifest.TemperatureScaling?.Temperature ?? 1;
        if (manifest.Precision != Precision.Int8)
            return OfFloats(path, say)! with { Temperature = temperature };
        say($"bundle '{path}': {manifest.Architecture.Name}, {manifest.Labels.Count} classes, 8-bit integers");
        return new(InitialNetworks.OriginOf(path, model), manifest.Input.Height, manifest.Preprocessing, manifest.Labels)
        {
            Integers = model,
            Temperature = temperature,
        };
    }

    private static TeacherSource OfEnsemble(string path, string folder, Action<string> say)
    {
        using var links = ModelLinks.To(folder);
        var members = links
            .Bundles.Zip(links.Ensemble!.Members, (bundle, member) => (Source: Open(bundle.Folder, say)!, member.Weight))
            .ToArray();
        var parts = members.Select(member =>
            string.Create(CultureInfo.InvariantCulture, $"{member.Source.Origin.Sha256} {member.Weight:R} {member.Source.Temperature:R}")
        );
        var sha256 = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
        var first = members[0].Source;
        return new(new RunInit(path, "ensemble", Convert.ToHexStringLower(sha256)), first.InputSize, first.Preprocessing, first.Labels)
        {
            Members = members,
        };
    }
}
