using System.Security.Cryptography;
using Google.Protobuf;
using Saccade.Inference.Bundles;
using Saccade.Training.Data;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Onnx;
using Saccade.Training.Onnx.Quantisation;
using Saccade.Training.Onnx.Schema;

namespace Saccade.Training.Bundles;

/// <summary>From a network with its weights to a bundle: fold, encode, prove, measure, and only then write.</summary>
public sealed class BundleExport
{
    private const int NoiseImages = 16;
    private const int MadeUpImages = 4;
    private const int RealImages = 16;

    // Half precision: one image in a hundred may change its first class, of at least so many. Held-out ones come first.
    private const double LeastHalfAgreement = 0.99;
    private const int LeastCompared = 500;
    private const int MostCompared = 10_000;

    // Integers: accuracy is judged when they are chosen (IntegerExport). Fewer equal answers than this are no rounding any more.
    private const double LeastIntegerAgreement = 0.8;
    private const double UsualIntegerAgreement = 0.95;

    // More images move no scale by much.
    private const int MostForRanges = 256;
    private const int Judged = 32;

    private readonly Network _network;
    private readonly IReadOnlyDictionary<string, float[]> _weights;
    private readonly ModelManifest _manifest;
    private readonly ExportFormat _format;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;

    /// <summary>Prepares an export.</summary>
    /// <param name="network">The network as it was trained.</param>
    /// <param name="weights">Its tensors by name; those of auxiliary classifiers may be missing.</param>
    /// <param name="manifest">All that is known before anything is measured.</param>
    /// <param name="format">In what form it leaves.</param>
    /// <param name="clock">Measures the loader's waiting.</param>
    /// <param name="say">Told each thing that was done, a line each.</param>
    public BundleExport(
        Network network,
        IReadOnlyDictionary<string, float[]> weights,
        ModelManifest manifest,
        ExportFormat format,
        TimeProvider clock,
        Action<string> say
    )
    {
        _network = network;
        _weights = weights;
        _manifest = manifest;
        _format = format;
        _clock = clock;
        _say = say;
    }

    /// <summary>What the data set is called in the manifest.</summary>
    public string DataName { get; init; } = "data set";

    /// <summary>What else has to be said beside the accuracy; null for nothing.</summary>
    public string? AccuracyNote { get; init; }

    /// <summary>Images that activation ranges of 8-bit integers are measured on; null where none are wanted.</summary>
    public ActivationRangeImages? RangeImages { get; init; }

    /// <summary>The manifest's part about a network.</summary>
    public static ManifestArchitecture Describe(Network network, double width)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new ManifestArchitecture(network.Name, width, network.Parameters, network.Macs);
    }

    /// <summary>The manifest's part about the input of a network that leaves in some form.</summary>
    public static ManifestInput InputOf(Network network, ExportFormat format)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(format);
        var input = network.Input.Output;
        return new ManifestInput(OnnxWriter.InputName, format.Input, format.Layout, input.Height, input.Width);
    }

    /// <summary>Proves, measures and writes the bundle; nothing is written where a check fails.</summary>
    /// <param name="bundle">Where to.</param>
    /// <param name="data">Its held-out part gives real images for the proof and the accuracy; null where there is none.</param>
    /// <param name="plans">Crop plans to measure.</param>
    /// <param name="cancellation">Stops between steps; nothing is written then.</param>
    /// <exception cref="InvalidDataException">The data has other classes, the graph is not equal to the trained network, or a file is not
    /// what it should be.</exception>
    public void Write(BundleFolder bundle, DataSet? data, IReadOnlyList<CropMode> plans, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(plans);
        bundle.RequireReplaceable();
        data = data is null ? null : WithItsClasses(data);

        var (network, weights) = BatchNormFolding.Fold(_network, _weights);
        var metadata = ModelMetadata.InGraph(_manifest);
        var exact = Encode(
            OnnxWriter.Encode(network, weights, metadata, _format.Features),
            _format with
            {
                Precision = Precision.Fp32,
            },
            _manifest.Preprocessing
        );
        var (model, provenance) = _format.Precision switch
        {
            Precision.Fp32 => (exact, null),
            Precision.Fp16 => (
                Encode(OnnxWriter.Encode(network, weights, metadata, _format.Features), _format, _manifest.Preprocessing),
                null
            ),
            _ => Integers(network, weights, exact, data, cancellation),
        };
        _say($"encoded {model.Length / 1e6:0.0} MB of ONNX, {network.Parameters} values");

        using var runner = new OnnxRunner(model);
        using var module = Trained();
        var check = new ParityCheck(module, _manifest.Preprocessing);
        var parity = _format.Precision == Precision.Fp32 ? Prove(check, runner, data) : Compare(check, runner, exact, data, cancellation);
        cancellation.ThrowIfCancellationRequested();

        var manifest = _manifest with
        {
            Provenance = Merged(_manifest.Provenance, provenance),
            Parity = parity,
            Features = runner.FeaturesSize > 0 ? new ManifestFeatures(OnnxWriter.FeaturesName, runner.FeaturesSize) : null,
            Accuracy = data is null ? null : Measure(runner, data, plans, cancellation),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)),
        };
        bundle.Write(model, manifest, BundleProbe.Of(model, manifest, check.Logits));
        _say($"wrote {bundle.Path}, sha256 {manifest.Sha256}");
    }

    private static byte[] Encode(ModelProto model, ExportFormat format, ManifestPreprocessing preprocessing)
    {
        if (format.Precision == Precision.Fp16)
            HalfPrecision.Apply(model.Graph);
        if (format.Input == InputType.UInt8)
            PixelInput.Apply(model.Graph, preprocessing);
        return model.ToByteArray();
    }

    private (byte[] Model, Dictionary<string, string>? Provenance) Integers(
        Network network,
        IReadOnlyDictionary<string, float[]> weights,
        byte[] exact,
        DataSet? data,
        CancellationToken cancellation
    )
    {
        var ranges = RangeImages ?? throw new InvalidDataException("8-bit integers need images to measure activation ranges on.");
        var images = CentreCrops.Of(ranges.Images, MostForRanges, _manifest).ToList();
        var quantiser = new Quantiser(network, weights, _manifest, _format, images, cancellation);
        _say($"activation ranges measured on {images.Count} images");

        using var reference = new OnnxRunner(exact);
        var judged = CentreCrops.Of(data?.HeldOut ?? ranges.Others, Judged, _manifest).ToList();
        var (model, floats, verdict) = new IntegerExport(quantiser, reference, _manifest.Preprocessing, judged, data, _clock, _say).Find(
            cancellation
        );
        return (
            model,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["activationRanges"] = $"{images.Count} images, the centre of each",
                ["floatLayers"] = floats.Count == 0 ? "none but what follows the last grid" : string.Join(", ", floats),
                ["int8"] = verdict,
            }
        );
    }

    private static IReadOnlyDictionary<string, string>? Merged(
        IReadOnlyDictionary<string, string>? known,
        Dictionary<string, string>? added
    ) =>
        added is null
            ? known
            : new Dictionary<string, string>((known ?? new Dictionary<string, string>()).Concat(added), StringComparer.Ordinal);

    private ManifestParity Prove(ParityCheck check, OnnxRunner runner, DataSet? data)
    {
        var parity = check.Prove(runner, Probes(data));
        _say($"parity with the trained network: at most {parity.MaxAbsLogitDifference:g3} on {parity.Images} images");
        return parity;
    }

    /// <summary>The rounded graph against the exact one, which is proved first.</summary>
    private ManifestParity Compare(ParityCheck check, OnnxRunner rounded, byte[] exact, DataSet? data, CancellationToken cancellation)
    {
        using var reference = new OnnxRunner(exact);
        check.Prove(reference, Probes(data));
        var parity = check.Measure(rounded, Probes(data));
        var agreement = Agreement.Measure(reference, rounded, Compared(data), _manifest.Preprocessing, cancellation);
        _say(
            $"against the trained network: logits differ by at most {parity.MaxAbsLogitDifference:g3} on {parity.Images} images; "
                + $"{agreement.Same} of {agreement.Images} images keep their first class"
        );
        Judge(agreement);
        return parity with { Top1Agreement = agreement.Share, Top1Images = agreement.Images };
    }

    private void Judge(Agreement agreement)
    {
        var least = _format.Precision == Precision.Int8 ? LeastIntegerAgreement : LeastHalfAgreement;
        if (agreement.Share < least)
            throw new InvalidDataException(
                $"Only {agreement.Share:p2} of {agreement.Images} images keep their first class; {least:p0} are asked for. Export as fp32."
            );
        if (_format.Precision == Precision.Int8 && agreement.Share < UsualIntegerAgreement)
            _say(
                $"warning: only {agreement.Share:p2} of {agreement.Images} images keep their first class; {UsualIntegerAgreement:p0} are "
                    + "usual. Measure the accuracy before serving it."
            );
    }

    /// <summary>Images that no range was measured on. Integers suit the images that they were made for, so made-up ones say nothing of
    /// them.</summary>
    private IEnumerable<float[]> Compared(DataSet? data)
    {
        if (_format.Precision == Precision.Int8)
            return CentreCrops.Of(data?.HeldOut ?? RangeImages!.Others, MostCompared, _manifest);
        var heldOut = Math.Min(data?.HeldOut.Count ?? 0, MostCompared);
        var madeUp = Math.Max(0, LeastCompared - heldOut);
        return (data is null ? [] : CentreCrops.Of(data.HeldOut, MostCompared, _manifest)).Concat(
            CentreCrops.Of(new ProbeImages(_manifest.Input.Height, madeUp), madeUp, _manifest)
        );
    }

    private NetworkModule Trained()
    {
        var module = new NetworkModule(_network);
        ModuleWeights.Write(module, _weights);
        return module;
    }

    private List<float[]> Probes(DataSet? data) =>
        [
            .. Pixels.Noise(_network.Input.Output, NoiseImages),
            .. CentreCrops.Of(new ProbeImages(_manifest.Input.Height, MadeUpImages), MadeUpImages, _manifest),
            .. data is null ? [] : CentreCrops.Of(data.HeldOut, RealImages, _manifest),
        ];

    /// <summary>The data by the network's classes, which it must have all: a manifest's accuracy is that of the whole network.</summary>
    private DataSet WithItsClasses(DataSet data)
    {
        string[] missing = [.. _manifest.Labels.Except(data.Labels, StringComparer.Ordinal)];
        var known = data.WithLabels(_manifest.Labels);
        return missing.Length == 0
            ? known
            : throw new InvalidDataException(
                $"The data has no images of {QuotedNames.Of(missing)}; evaluate measures on some of a network's classes."
            );
    }

    private ManifestAccuracy Measure(OnnxRunner runner, DataSet data, IReadOnlyList<CropMode> plans, CancellationToken cancellation)
    {
        var evaluator = new OnnxEvaluator(runner, _manifest.Preprocessing, _clock);
        var top1 = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var plan in plans)
        {
            var crops = plan.ToString();
            var scores = evaluator.Run(data.HeldOut, plan, cancellation: cancellation);
            top1[crops] = scores.Top1;
            _say(
                $"accuracy through ONNX Runtime, {crops} crop(s): top-1 {scores.Top1:p2}, top-5 {scores.Top5:p2} of {scores.Images} "
                    + "images"
            );
        }

        var note = AccuracyNote is null ? "" : $"; {AccuracyNote}";
        return new ManifestAccuracy($"{DataName}, held-out part: {data.Split.TrimEnd('.')}{note}", data.HeldOut.Count, top1);
    }
}
