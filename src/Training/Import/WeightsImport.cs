using System.Globalization;
using System.Security.Cryptography;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Onnx;
using Saccade.Training.Weights;
using Saccade.Training.Weights.Keras;

namespace Saccade.Training.Import;

/// <summary>From a file of weights to a bundle: read, map, describe, then what every export does (<see cref="BundleExport"/>).</summary>
public sealed class WeightsImport
{
    private readonly ImportRequest _request;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;

    /// <summary>Prepares an import.</summary>
    /// <param name="request">What and how.</param>
    /// <param name="clock">Measures the loader's waiting.</param>
    /// <param name="say">Told each thing that was done, a line each.</param>
    public WeightsImport(ImportRequest request, TimeProvider clock, Action<string> say)
    {
        _request = request;
        _clock = clock;
        _say = say;
    }

    /// <summary>Reads the weights, proves the graph equal to the network and writes the bundle.</summary>
    /// <param name="bundle">Where to.</param>
    /// <param name="cancellation">Stops between steps; nothing is written then.</param>
    /// <exception cref="InvalidDataException">The file cannot be read or does not fit, or the graph is not equal to the
    /// network.</exception>
    /// <exception cref="Networks.Layers.NetworkException">There is no such network.</exception>
    public void Write(BundleFolder bundle, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        bundle.RequireReplaceable();

        using var file = WeightsFile.Open(_request.Weights, _request.State);
        _say(Describe(file));
        var imported = Import(_request, file);
        foreach (var note in imported.Notes)
            _say(note);

        var manifest = Manifest(imported, file);
        new BundleExport(imported.Network, imported.Weights, manifest, _request.Format, _clock, _say)
        {
            RangeImages = _request.RangeImages,
        }.Write(bundle, data: null, [], cancellation);
    }

    /// <summary>A file, in words.</summary>
    internal static string Describe(WeightsFile file) =>
        $"{file.Format} with {file.Tensors.Count} tensors{(file.State is { } state ? $", those under {state}" : "")}";

    /// <summary>Brings a file's tensors to the network that was asked for.</summary>
    /// <exception cref="InvalidDataException">They do not fit.</exception>
    internal static ImportedWeights Import(ImportRequest request, WeightsFile file) =>
        file.Keras is { } keras
            ? KerasImport.Import(keras, request.Architecture, request.Classes, request.Input)
            : StateDictionaryImport.Import(file, request.Architecture, request.Classes, request.Input);

    /// <summary>What images go through before a network with these weights sees them.</summary>
    /// <param name="request">Says whose custom, or mean and deviation.</param>
    /// <param name="imported">The weights.</param>
    /// <param name="file">Whose origin decides where the request leaves it open.</param>
    /// <returns>The preprocessing, and the custom that it follows in words.</returns>
    internal static (ManifestPreprocessing Preprocessing, string Custom) Preprocessing(
        ImportRequest request,
        ImportedWeights imported,
        WeightsFile file
    )
    {
        var network = imported.Network;
        var kind = request.Preprocess ?? (file.Keras is not null ? PreprocessingKind.Tf : PublishedPreprocessing.UsualFor(network.Name));
        var transformed =
            kind == PreprocessingKind.Torchvision && PublishedPreprocessing.HasTransformInput(network.Name) && request.TransformInput;
        var preprocessing = PublishedPreprocessing.For(
            kind,
            network.Name,
            network.Input.Output.Height,
            transformed,
            whole: file.Keras is not null
        );
        if (request.Preprocess is null && imported.Rescaling is var (mean, std))
            preprocessing = preprocessing with { Mean = mean, Std = std };
        preprocessing = preprocessing with { Mean = request.Mean ?? preprocessing.Mean, Std = request.Std ?? preprocessing.Std };
        return (preprocessing, $"{kind}{(transformed ? " with transform_input" : "")}");
    }

    /// <summary>Lower-case hexadecimal SHA-256 of a file.</summary>
    internal static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private ModelManifest Manifest(ImportedWeights imported, WeightsFile file)
    {
        var network = imported.Network;
        var (preprocessing, custom) = Preprocessing(_request, imported, file);
        _say(Describe(custom, preprocessing));
        return new ModelManifest
        {
            Architecture = BundleExport.Describe(network, width: 1),
            Precision = _request.Format.Precision,
            Input = BundleExport.InputOf(network, _request.Format),
            Output = OnnxWriter.OutputName,
            Preprocessing = preprocessing,
            Labels = _request.Labels is { } path ? LabelFile.Read(path, network.Classes) : Usual(network.Classes),
            Provenance = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["weights"] = ModelMetadata.LastPart(_request.Weights),
                ["weightsFormat"] = file.Format,
                ["weightsSha256"] = Sha256(file.Path),
                ["preprocess"] = custom.ToLowerInvariant(),
            },
            Licence = _request.Licence,
        };
    }

    private IReadOnlyList<string> Usual(int classes)
    {
        var labels = LabelFile.Usual(classes);
        _say(string.Create(CultureInfo.InvariantCulture, $"labels: '{labels[0]}' to '{labels[^1]}'; name others with --labels"));
        return labels;
    }

    private static string Describe(string custom, ManifestPreprocessing preprocessing) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"preprocessing: {custom}, shorter side to {preprocessing.ResizeShorterSide}, "
                + $"{preprocessing.ChannelOrder}, scale {preprocessing.Scale}, mean {string.Join(' ', preprocessing.Mean)}, deviation "
                + $"{string.Join(' ', preprocessing.Std)}"
        );
}
