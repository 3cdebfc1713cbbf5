using System.Security.Cryptography;
using Google.Protobuf;
using Saccade.Inference;
using Saccade.Inference.Models;
using Saccade.Training.Data;
using Saccade.Training.Modules;

namespace Saccade.Training.Onnx;

/// <summary>From a trained run to a bundle: fold, encode, prove, measure, and only then write.</summary>
public sealed class RunExport
{
    private const int NoisePictures = 16;
    private const int RealPictures = 16;

    private readonly TrainedRun _run;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;

    /// <summary>Prepares an export.</summary>
    /// <param name="run">What was trained.</param>
    /// <param name="clock">Measures the loader's waiting.</param>
    /// <param name="say">Told each thing that was done, a line each.</param>
    public RunExport(TrainedRun run, TimeProvider clock, Action<string> say)
    {
        _run = run;
        _clock = clock;
        _say = say;
    }

    /// <summary>SPDX identifier of the weights' licence; null leaves it open.</summary>
    public string? Licence { get; init; }

    /// <summary>Exports as 32-bit floats.</summary>
    /// <param name="bundle">Where to.</param>
    /// <param name="data">Its held-out part gives real pictures for the proof and the accuracy; null where it cannot be reached.</param>
    /// <param name="plans">Crop plans to measure.</param>
    /// <param name="cancellation">Stops between steps; nothing is written then.</param>
    /// <exception cref="InvalidDataException">The graph is not equal to the trained network, or a file is not what it should be.</exception>
    public void Write(BundleFolder bundle, DataSet? data, IReadOnlyList<CropMode> plans, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(plans);
        bundle.RequireReplaceable();

        var manifest = Manifest();
        var (network, weights) = BatchNormFolding.Fold(_run.Network, _run.Weights);
        var model = OnnxWriter.Encode(network, weights, ModelMetadata.InGraph(manifest)).ToByteArray();
        _say($"encoded {model.Length / 1e6:0.0} MB of ONNX, {network.Parameters} values");

        using var runner = new OnnxRunner(model);
        var parity = Prove(runner, data?.HeldOut);
        _say($"parity with the trained network: at most {parity.MaxAbsLogitDifference:g3} on {parity.Images} pictures");
        cancellation.ThrowIfCancellationRequested();

        manifest = manifest with
        {
            Parity = parity,
            Accuracy = data is null ? null : Measure(runner, data, plans, cancellation),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)),
        };
        bundle.Write(model, manifest);
        _say($"wrote {bundle.Path}, sha256 {manifest.Sha256}");
    }

    private ManifestParity Prove(OnnxRunner runner, IImageSource? heldOut)
    {
        using var module = new NetworkModule(_run.Network);
        ModuleWeights.Write(module, _run.Weights);
        var pictures = ParityCheck.Noise(runner.Input, _run.Record.Preprocessing, NoisePictures).ToList();
        if (heldOut is not null)
            pictures.AddRange(Real(heldOut, runner.Input.Height));
        return ParityCheck.Prove(module, runner, pictures);
    }

    private IEnumerable<float[]> Real(IImageSource heldOut, int side)
    {
        var crops = new EvaluationCrops(CropMode.Single, _run.Record.Preprocessing, side);
        for (var index = 0; index < Math.Min(RealPictures, heldOut.Count); index++)
        {
            using var image = heldOut.Load(index);
            var picture = new float[crops.FloatsPerImage];
            crops.Write(index, image, picture);
            yield return picture;
        }
    }

    private ManifestAccuracy Measure(OnnxRunner runner, DataSet data, IReadOnlyList<CropMode> plans, CancellationToken cancellation)
    {
        if (!data.Labels.SequenceEqual(_run.Record.Labels, StringComparer.Ordinal))
            throw new InvalidDataException("The data set's classes are not those of the run.");

        var evaluator = new OnnxEvaluator(runner, _run.Record.Preprocessing, _clock);
        var top1 = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var plan in plans)
        {
            var crops = plan.ToString();
            var scores = evaluator.Run(data.HeldOut, plan, cancellation: cancellation);
            top1[crops] = scores.Top1;
            _say($"accuracy through ONNX Runtime, {crops} crop(s): top-1 {scores.Top1:p2}, top-5 {scores.Top5:p2} of {scores.Images} pictures");
        }

        return new ManifestAccuracy($"{ModelMetadata.LastPart(_run.Record.Data.Path)}, held-out part: {data.Split}", data.HeldOut.Count, top1);
    }

    private ModelManifest Manifest()
    {
        var input = _run.Network.Input.Output;
        return new ModelManifest
        {
            Architecture = new ManifestArchitecture(_run.Network.Name, _run.Record.Network.Width, _run.Network.Parameters, _run.Network.Macs),
            Input = new ManifestInput(OnnxWriter.InputName, InputType.Float32, InputLayout.Nchw, input.Height, input.Width),
            Output = OnnxWriter.OutputName,
            Preprocessing = _run.Record.Preprocessing,
            Labels = _run.Record.Labels,
            Provenance = ModelMetadata.Provenance(_run.Record),
            Licence = Licence,
        };
    }
}
