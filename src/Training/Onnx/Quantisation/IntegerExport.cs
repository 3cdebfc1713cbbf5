using Saccade.Inference.Bundles;
using Saccade.Training.Data;

namespace Saccade.Training.Onnx.Quantisation;

/// <summary>
/// Searches for the integer graph with the fewest float convolutions that is good enough: none, then those that harm most, twice as many
/// each time. Good enough is half a point of accuracy lost (or one image, where that is more) where images with labels are there to
/// measure it, otherwise logits that point the same way.
/// </summary>
internal sealed class IntegerExport
{
    /// <summary>Accuracy that may be lost, as a fraction of the images.</summary>
    private const double MayLose = 0.005;

    private const double LeastCosine = 0.9;
    private const int JudgedImages = 32;

    private readonly Quantiser _quantiser;
    private readonly OnnxRunner _reference;
    private readonly ManifestPreprocessing _preprocessing;
    private readonly float[] _images;
    private readonly DataSet? _data;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;

    /// <param name="quantiser">Makes the graphs.</param>
    /// <param name="reference">The float graph.</param>
    /// <param name="preprocessing">The normalisation.</param>
    /// <param name="images">The first of them are judged by.</param>
    /// <param name="data">Its held-out part is measured; null where there is none.</param>
    /// <param name="clock">Measures the loader's waiting.</param>
    /// <param name="say">Told each thing that was done.</param>
    public IntegerExport(
        Quantiser quantiser,
        OnnxRunner reference,
        ManifestPreprocessing preprocessing,
        IReadOnlyList<float[]> images,
        DataSet? data,
        TimeProvider clock,
        Action<string> say
    )
    {
        _quantiser = quantiser;
        _reference = reference;
        _preprocessing = preprocessing;
        _images = [.. images.Take(JudgedImages).SelectMany(image => image)];
        _data = data;
        _clock = clock;
        _say = say;
    }

    /// <returns>The graph, the convolutions that stayed floats, and for the manifest how good it is.</returns>
    /// <exception cref="InvalidDataException">Even with half of the convolutions in floats it is not good enough.</exception>
    public (byte[] Model, IReadOnlyList<string> Floats, string Verdict) Find(CancellationToken cancellation)
    {
        var exact = _data is null ? 0 : Accuracy(_reference, cancellation);
        IReadOnlyList<string> harmful = [];
        var verdict = "";
        for (var count = 0; ; count = Math.Max(1, 2 * count))
        {
            if (count == 1)
                harmful = _quantiser.MostHarmful(_reference, _images, cancellation);
            if (count > 1 && count > harmful.Count / 2)
                throw new InvalidDataException(
                    $"Even with half of its convolutions in floats the integer graph is not good enough ({verdict}); export as fp32 or "
                        + "fp16."
                );

            string[] floats = [.. harmful.Take(count)];
            var model = _quantiser.Encode(floats);
            using var runner = new OnnxRunner(model);
            (var good, verdict) = Judge(runner, exact, cancellation);
            _say($"int8 with {floats.Length} of the convolutions in floats: {verdict}");
            if (good)
                return (model, floats, verdict);
        }
    }

    private (bool Good, string Verdict) Judge(OnnxRunner runner, double exact, CancellationToken cancellation)
    {
        var cosine = Quantiser.Cosine(
            _reference.Run(ParityCheck.Feed(_reference, _images, _preprocessing)),
            runner.Run(ParityCheck.Feed(runner, _images, _preprocessing)),
            runner.Classes
        );
        if (_data is null)
            return (cosine >= LeastCosine, $"cosine of the logits {cosine:0.0000}");

        var rounded = Accuracy(runner, cancellation);
        var lost = (int)Math.Round((exact - rounded) * _data.HeldOut.Count);
        return (
            lost <= Math.Max(1, MayLose * _data.HeldOut.Count),
            $"top-1 {rounded:p2}, as floats {exact:p2}; cosine of the logits {cosine:0.0000}"
        );
    }

    private double Accuracy(OnnxRunner runner, CancellationToken cancellation) =>
        new OnnxEvaluator(runner, _preprocessing, _clock).Run(_data!.HeldOut, CropMode.Single, cancellation: cancellation).Top1;
}
