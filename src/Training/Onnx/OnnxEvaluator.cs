using Saccade.Inference.Aggregation;
using Saccade.Inference.Bundles;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;

namespace Saccade.Training.Onnx;

/// <summary>Measures an exported graph on images through ONNX Runtime, with the crops that the service makes.</summary>
public sealed class OnnxEvaluator
{
    private const int MaxCropsPerBatch = 64;

    private readonly OnnxRunner _runner;
    private readonly ManifestPreprocessing _preprocessing;
    private readonly TimeProvider _clock;

    /// <summary>Fixes what is measured.</summary>
    /// <param name="runner">The graph.</param>
    /// <param name="preprocessing">From an image to its input.</param>
    /// <param name="clock">Measures the loader's waiting.</param>
    public OnnxEvaluator(OnnxRunner runner, ManifestPreprocessing preprocessing, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(runner);
        _runner = runner;
        _preprocessing = runner.TakesPixels ? Pixels.Unnormalised(preprocessing) : preprocessing;
        _clock = clock;
    }

    /// <summary>Runs over all images; the probabilities of an image's crops are averaged (GoogLeNet §7).</summary>
    /// <param name="source">The held-out part.</param>
    /// <param name="mode">The crops of each image.</param>
    /// <param name="onImages">Told the number of images done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="InvalidDataException">A logit is not finite, or an image cannot be read.</exception>
    public Scores Run(IImageSource source, CropMode mode, Action<long>? onImages = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var crops = new EvaluationCrops(mode, _preprocessing, _runner.Input.Height);
        var loader = new BatchLoader(source, crops.FloatsPerImage, ahead: 2, _clock);
        var plan = new BatchPlan(source.Count, Math.Max(1, MaxCropsPerBatch / crops.CropsPerImage));
        var scores = new Scores(_runner.Classes);
        foreach (var loaded in loader.Read([.. Enumerable.Range(0, source.Count)], plan, crops.Write))
        {
            using var batch = loaded;
            cancellation.ThrowIfCancellationRequested();
            var logits = _runner.Run(batch.Pixels.ToArray());
            for (var i = 0; i < batch.Labels.Length; i++)
                scores.Add(MeanProbabilities(logits, i * crops.CropsPerImage, crops.CropsPerImage), (int)batch.Labels[i]);
            onImages?.Invoke(scores.Images);
        }

        return scores;
    }

    private float[] MeanProbabilities(float[] logits, int firstCrop, int crops)
    {
        var mean = new float[_runner.Classes];
        var one = new float[_runner.Classes];
        for (var crop = firstCrop; crop < firstCrop + crops; crop++)
        {
            if (!Softmax.TryCompute(logits.AsSpan(crop * one.Length, one.Length), one))
                throw new InvalidDataException("The exported graph gives logits that are not finite.");
            for (var i = 0; i < mean.Length; i++)
                mean[i] += one[i] / crops;
        }

        return mean;
    }
}
