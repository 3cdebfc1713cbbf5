using System.Security.Cryptography;
using Google.Protobuf;
using Saccade.Inference.Bundles;
using Saccade.Training.Data;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Onnx.Quantisation;
using Saccade.Training.Onnx.Schema;

namespace Saccade.Training.Onnx;

/// <summary>From a network with its weights to a bundle: fold, encode, prove, measure, and only then write.</summary>
public sealed class BundleExport
{
    private const int NoisePictures = 16;
    private const int RealPictures = 16;

    // One picture in a thousand may change its first class, and every held-out one up to this number is asked.
    private const double LeastAgreement = 0.999;
    private const int MostCompared = 10_000;

    // More pictures move no scale by much.
    private const int MostCalibrated = 256;

    private readonly Network _network;
    private readonly IReadOnlyDictionary<string, float[]> _weights;
    private readonly ModelManifest _manifest;
    private readonly ExportFormat _format;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;

    /// <summary>Prepares an export.</summary>
    /// <param name="network">The network as it was trained.</param>
    /// <param name="weights">Its tensors by name; those of side heads may be missing.</param>
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

    /// <summary>Pictures to calibrate 8-bit integers with; null where none are wanted.</summary>
    public CalibrationPictures? Calibration { get; init; }

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

    /// <summary>Exports.</summary>
    /// <param name="bundle">Where to.</param>
    /// <param name="data">Its held-out part gives real pictures for the proof and the accuracy; null where there is none.</param>
    /// <param name="plans">Crop plans to measure.</param>
    /// <param name="cancellation">Stops between steps; nothing is written then.</param>
    /// <exception cref="InvalidDataException">The graph is not equal to the trained network, or a file is not what it should
    /// be.</exception>
    public void Write(BundleFolder bundle, DataSet? data, IReadOnlyList<CropMode> plans, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(plans);
        bundle.RequireReplaceable();

        var (network, weights) = BatchNormFolding.Fold(_network, _weights);
        var metadata = ModelMetadata.InGraph(_manifest);
        var exact = Encode(
            OnnxWriter.Encode(network, weights, metadata),
            _format with
            {
                Precision = Precision.Fp32,
            },
            _manifest.Preprocessing
        );
        var (model, provenance) = _format.Precision switch
        {
            Precision.Fp32 => (exact, null),
            Precision.Fp16 => (Encode(OnnxWriter.Encode(network, weights, metadata), _format, _manifest.Preprocessing), null),
            _ => Integers(network, weights, exact, data, cancellation),
        };
        _say($"encoded {model.Length / 1e6:0.0} MB of ONNX, {network.Parameters} values");

        using var runner = new OnnxRunner(model);
        var parity = _format.Precision == Precision.Fp32 ? Prove(runner, data) : Compare(runner, exact, data, cancellation);
        cancellation.ThrowIfCancellationRequested();

        var manifest = _manifest with
        {
            Provenance = Merged(_manifest.Provenance, provenance),
            Parity = parity,
            Accuracy = data is null ? null : Measure(runner, data, plans, cancellation),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)),
        };
        bundle.Write(model, manifest);
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
        var calibration = Calibration ?? throw new InvalidDataException("8-bit integers need pictures to calibrate with.");
        var pictures = Real(calibration.Pictures, MostCalibrated).ToList();
        var quantiser = new Quantiser(network, weights, _manifest, _format, pictures, cancellation);
        _say($"calibrated with {pictures.Count} pictures");

        using var reference = new OnnxRunner(exact);
        var (model, floats, verdict) = new IntegerExport(quantiser, reference, _manifest.Preprocessing, pictures, data, _clock, _say).Find(
            cancellation
        );
        return (
            model,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["calibration"] = $"{pictures.Count} pictures, the centre of each",
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

    private ManifestParity Prove(OnnxRunner runner, DataSet? data)
    {
        using var module = Trained();
        var parity = new ParityCheck(module, _manifest.Preprocessing).Prove(runner, Pictures(data));
        _say($"parity with the trained network: at most {parity.MaxAbsLogitDifference:g3} on {parity.Images} pictures");
        return parity;
    }

    /// <summary>The rounded graph against the exact one, which is proved first.</summary>
    private ManifestParity Compare(OnnxRunner rounded, byte[] exact, DataSet? data, CancellationToken cancellation)
    {
        using var module = Trained();
        using var reference = new OnnxRunner(exact);
        var check = new ParityCheck(module, _manifest.Preprocessing);
        check.Prove(reference, Pictures(data));
        var parity = check.Measure(rounded, Pictures(data));
        var compared = Compared(data, rounded.Input);
        var agreement = Agreement.Measure(reference, rounded, compared, _manifest.Preprocessing, cancellation);
        _say(
            $"against the trained network: logits differ by at most {parity.MaxAbsLogitDifference:g3} on {parity.Images} pictures; "
                + $"{agreement.Same} of {agreement.Images} pictures keep their first class"
        );

        // What integers cost was judged when they were chosen.
        var mayChange = _format.Precision == Precision.Int8 ? agreement.Images : Math.Ceiling(agreement.Images * (1 - LeastAgreement));
        return agreement.Images - agreement.Same <= mayChange
            ? parity with
            {
                Top1Agreement = agreement.Share,
                Top1Images = agreement.Images,
            }
            : throw new InvalidDataException(
                $"Only {agreement.Share:p2} of the pictures keep their first class; {LeastAgreement:p1} are asked for."
            );
    }

    /// <summary>Integers are calibrated for pictures, so noise says nothing about them.</summary>
    private IEnumerable<float[]> Compared(DataSet? data, Shape input) =>
        _format.Precision == Precision.Int8
            ? Real(data?.HeldOut ?? Calibration!.Others, MostCompared)
            : Pixels.Noise(input, NoisePictures).Concat(data is null ? [] : Real(data.HeldOut, MostCompared));

    private NetworkModule Trained()
    {
        var module = new NetworkModule(_network);
        ModuleWeights.Write(module, _weights);
        return module;
    }

    private List<float[]> Pictures(DataSet? data) =>
        [.. Pixels.Noise(_network.Input.Output, NoisePictures), .. data is null ? [] : Real(data.HeldOut, RealPictures)];

    private IEnumerable<float[]> Real(IImageSource heldOut, int count)
    {
        var crops = new EvaluationCrops(CropMode.Single, Pixels.Unnormalised(_manifest.Preprocessing), _manifest.Input.Height);
        for (var index = 0; index < Math.Min(count, heldOut.Count); index++)
        {
            using var image = heldOut.Load(index);
            var picture = new float[crops.FloatsPerImage];
            crops.Write(index, image, picture);
            yield return picture;
        }
    }

    private ManifestAccuracy Measure(OnnxRunner runner, DataSet data, IReadOnlyList<CropMode> plans, CancellationToken cancellation)
    {
        if (!data.Labels.SequenceEqual(_manifest.Labels, StringComparer.Ordinal))
            throw new InvalidDataException("The data set's classes are not those of the network.");

        var evaluator = new OnnxEvaluator(runner, _manifest.Preprocessing, _clock);
        var top1 = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var plan in plans)
        {
            var crops = plan.ToString();
            var scores = evaluator.Run(data.HeldOut, plan, cancellation: cancellation);
            top1[crops] = scores.Top1;
            _say(
                $"accuracy through ONNX Runtime, {crops} crop(s): top-1 {scores.Top1:p2}, top-5 {scores.Top5:p2} of {scores.Images} "
                    + "pictures"
            );
        }

        return new ManifestAccuracy($"{DataName}, held-out part: {data.Split}", data.HeldOut.Count, top1);
    }
}
