using System.Runtime.InteropServices;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;
using Saccade.Training.Modules;
using static TorchSharp.torch;

namespace Saccade.Training.Loop;

/// <summary>
/// What a frozen backbone makes of images, computed once: the classifier is then trained on vectors, and an epoch takes the time of a small
/// linear model.
/// </summary>
internal sealed class FeatureCache
{
    private const int ImagesAtOnce = 64;
    private const int VectorsAtOnce = 1024;

    private readonly IImageSource _source;
    private readonly float[][] _views;
    private readonly int _length;

    private FeatureCache(IImageSource source, float[][] views, int length) => (_source, _views, _length) = (source, views, length);

    /// <summary>Runs every view of every image through the backbone, in evaluation mode and in 32-bit floats.</summary>
    /// <param name="network">Left in the mode it came in.</param>
    /// <param name="source">The images.</param>
    /// <param name="views">Each makes one crop of an image.</param>
    /// <param name="loaders">Batches in preparation at once.</param>
    /// <param name="clock">Measures the loader's waiting.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FeatureCache Of(
        NetworkModule network,
        IImageSource source,
        IReadOnlyList<SampleWriter> views,
        int loaders,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        using var evaluating = network.Evaluating();
        using var noGradient = no_grad();
        var (pixels, length) = (network.Network.Input.Output, checked((int)network.Network.Features.Output.Count));
        BatchLoader loader = new(source, (int)pixels.Count, loaders, clock);
        BatchPlan batches = new(source.Count, ImagesAtOnce);
        int[] order = [.. Enumerable.Range(0, source.Count)];
        var features = new float[views.Count][];
        foreach (var (view, write) in views.Index())
        {
            features[view] = new float[(long)source.Count * length];
            var done = 0;
            foreach (var loaded in loader.Read(order, batches, write))
            {
                using var batch = loaded;
                using var scope = NewDisposeScope();
                cancellation.ThrowIfCancellationRequested();
                var vectors = network.FeaturesOf(PixelTensor.Of(batch.Pixels, pixels).to(network.Device)).cpu().contiguous();
                MemoryMarshal.Cast<byte, float>(vectors.bytes).CopyTo(features[view].AsSpan(done));
                done += batch.Labels.Length * length;
            }
        }

        return new FeatureCache(source, features, length);
    }

    /// <summary>An epoch's batches of vectors.</summary>
    /// <param name="epoch">From 0; the views take turns.</param>
    /// <param name="order">Indices of images, in the order they are handed out.</param>
    /// <param name="batches">How it is cut.</param>
    /// <param name="first">The first batch to hand out.</param>
    public IEnumerable<Batch> Read(int epoch, int[] order, BatchPlan batches, int first)
    {
        var view = _views[epoch % _views.Length];
        for (var number = first; number < batches.Count; number++)
        {
            var indices = order[batches[number]];
            Batch batch = new(indices.Length, _length);
            foreach (var (place, index) in indices.Index())
            {
                view.AsSpan(index * _length, _length).CopyTo(batch.Pixels[(place * _length)..]);
                batch.Labels[place] = _source.LabelOf(index);
            }

            yield return batch;
        }
    }

    /// <summary>Measures the classifier on the first view of every image.</summary>
    /// <param name="network">Left in the mode it came in.</param>
    public Scores Score(NetworkModule network)
    {
        using var evaluating = network.Evaluating();
        using var noGradient = no_grad();
        Scores scores = new(network.Network.Classes);
        foreach (var range in Enumerable.Range(0, _source.Count).Chunk(VectorsAtOnce))
        {
            using var scope = NewDisposeScope();
            var vectors = tensor(_views[0].AsSpan(range[0] * _length, range.Length * _length).ToArray(), [range.Length, _length]);
            var logits = network.Classify(vectors.to(network.Device)).Logits;
            ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(nn.functional.softmax(logits, 1).cpu().contiguous().bytes);
            foreach (var (place, index) in range.Index())
                scores.Add(values.Slice(place * scores.Classes, scores.Classes), _source.LabelOf(index));
        }

        return scores;
    }
}
