using System.Runtime.InteropServices;
using Saccade.Training.Data;
using Saccade.Training.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Evaluation;

/// <summary>Measures a network on images, in evaluation mode and without gradients.</summary>
public sealed class Evaluator
{
    private const int MaxCropsPerBatch = 256;

    private readonly IImageSource _source;
    private readonly EvaluationCrops _crops;
    private readonly int _ahead;
    private readonly TimeProvider _clock;

    /// <summary>Fixes images and crops.</summary>
    /// <param name="source">The held-out part.</param>
    /// <param name="crops">The crops of each.</param>
    /// <param name="ahead">Batches in preparation at once.</param>
    /// <param name="clock">Measures the loader's waiting.</param>
    public Evaluator(IImageSource source, EvaluationCrops crops, int ahead, TimeProvider clock)
    {
        _source = source;
        _crops = crops;
        _ahead = ahead;
        _clock = clock;
    }

    /// <summary>Runs over all images. The probabilities of an image's crops are averaged (GoogLeNet §7).</summary>
    /// <param name="network">Left in the mode it came in.</param>
    /// <param name="onImages">Told the number of images done.</param>
    /// <param name="probabilities">Receives the images' mean probabilities, [images, classes], if given.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public Scores Run(
        NetworkModule network,
        Action<long>? onImages = null,
        float[]? probabilities = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(network);
        using var evaluating = network.Evaluating();
        using var noGradient = no_grad();
        var classes = network.Network.Classes;
        Scores scores = new(classes);
        var batchSize = Math.Max(1, MaxCropsPerBatch / _crops.CropsPerImage);
        BatchLoader loader = new(_source, _crops.FloatsPerImage, _ahead, _clock);
        foreach (var loaded in loader.Read([.. Enumerable.Range(0, _source.Count)], new BatchPlan(_source.Count, batchSize), _crops.Write))
        {
            using var batch = loaded;
            cancellation.ThrowIfCancellationRequested();
            Score(network, batch, classes, scores, probabilities);
            onImages?.Invoke(scores.Images);
        }

        return scores;
    }

    private void Score(NetworkModule network, Batch batch, int classes, Scores scores, float[]? kept)
    {
        using var scope = NewDisposeScope();
        var logits = network.forward(PixelTensor.Of(batch.Pixels, network.Network.Input.Output).to(network.Device)).Logits;
        var probabilities = nn.functional.softmax(logits, 1).view(batch.Labels.Length, _crops.CropsPerImage, classes).mean([1]).cpu();
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(probabilities.contiguous().bytes);
        if (kept is not null)
            values.CopyTo(kept.AsSpan((int)scores.Images * classes));
        for (var i = 0; i < batch.Labels.Length; i++)
            scores.Add(values.Slice(i * classes, classes), (int)batch.Labels[i]);
    }
}
