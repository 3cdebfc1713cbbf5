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
        _say($"{file.Format} with {file.Tensors.Count} tensors{(file.State is { } state ? $", those under {state}" : "")}");
        var imported = Import(file);
        foreach (var note in imported.Notes)
            _say(note);

        var manifest = Manifest(imported, file);
        new BundleExport(imported.Network, imported.Weights, manifest, _request.Format, _clock, _say)
        {
            RangeImages = _request.RangeImages,
        }.Write(bundle, data: null, [], cancellation);
    }

    private ImportedWeights Import(WeightsFile file) =>
        file.Keras is { } keras
            ? KerasImport.Import(keras, _request.Architecture, _request.Classes, _request.Input)
            : StateDictionaryImport.Import(file, _request.Architecture, _request.Classes, _request.Input);

    private ModelManifest Manifest(ImportedWeights imported, WeightsFile file)
    {
        var network = imported.Network;
        var kind = _request.Preprocess ?? (file.Keras is not null ? PreprocessingKind.Tf : PublishedPreprocessing.UsualFor(network.Name));
        var transformed =
            kind == PreprocessingKind.Torchvision && PublishedPreprocessing.HasTransformInput(network.Name) && _request.TransformInput;
        var preprocessing = PublishedPreprocessing.For(
            kind,
            network.Name,
            network.Input.Output.Height,
            transformed,
            whole: file.Keras is not null
        );
        if (_request.Preprocess is null && imported.Rescaling is var (mean, std))
            preprocessing = preprocessing with { Mean = mean, Std = std };
        preprocessing = preprocessing with { Mean = _request.Mean ?? preprocessing.Mean, Std = _request.Std ?? preprocessing.Std };
        _say(Describe(kind, transformed, preprocessing));
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
                ["preprocess"] = $"{kind}{(transformed ? " with transform_input" : "")}".ToLowerInvariant(),
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

    private static string Describe(PreprocessingKind kind, bool transformed, ManifestPreprocessing preprocessing) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"preprocessing: {kind}{(transformed ? " with transform_input" : "")}, shorter side to {preprocessing.ResizeShorterSide}, "
                + $"{preprocessing.ChannelOrder}, scale {preprocessing.Scale}, mean {string.Join(' ', preprocessing.Mean)}, deviation "
                + $"{string.Join(' ', preprocessing.Std)}"
        );

    private static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
