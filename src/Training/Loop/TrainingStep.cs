using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Modules;
using Saccade.Training.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace Saccade.Training.Loop;

/// <summary>What one step of training computes before anything moves: forward, loss, backward.</summary>
internal sealed class TrainingStep
{
    private const long Purpose = 0x7374_6570;
    private const long MixPurpose = 0x6d69_7865;

    private readonly Recipe _recipe;
    private readonly long _seed;
    private readonly float[]? _classWeights;
    private readonly bool _features;
    private readonly Teachers? _teachers;

    /// <summary>Fixes what all steps of a run share.</summary>
    /// <param name="record">Recipe and seed.</param>
    /// <param name="classWeights">What an image of each class counts in the loss; null counts all alike.</param>
    /// <param name="features">Whether batches hold features for the classifier rather than pixels.</param>
    /// <param name="teachers">What the network learns from beside the labels; null for the labels alone. Not with features.</param>
    public TrainingStep(RunRecord record, float[]? classWeights = null, bool features = false, Teachers? teachers = null)
    {
        (_recipe, _seed) = (record.Recipe, record.Seed);
        (_classWeights, _features, _teachers) = (classWeights, features, teachers);
    }

    /// <summary>Leaves the gradients of a batch's mean loss with a network's parameters, and what batch norm saw in its
    /// statistics.</summary>
    /// <param name="network">In training mode.</param>
    /// <param name="batch">Images and labels.</param>
    /// <param name="images">The part of the batch to learn from, not empty.</param>
    /// <param name="step">The run's step: with the seed and the replica it fixes dropout's choices and what is mixed.</param>
    /// <param name="replica">Who computes; the first replica's choices are those of a run without replicas.</param>
    /// <returns>The mean loss of the main head, by labels and teachers, without the auxiliary classifiers.</returns>
    public double Gradients(NetworkModule network, Batch batch, Range images, long step, int replica = 0)
    {
        network.zero_grad();
        network.Randomness.manual_seed(
            (long)(replica == 0 ? SplitMix64.Mix(_seed, Purpose, step) : SplitMix64.Mix(_seed, Purpose, step, replica))
        );
        var random = SplitMix64.At(_seed, MixPurpose, step, replica);
        var (first, count) = images.GetOffsetAndLength(batch.Labels.Length);
        var parts = Math.Min(_recipe.Accumulate, count);
        var (loss, weight) = (0.0, WeightOf(batch, images));
        for (var part = 0; part < parts; part++)
        {
            var (from, to) = (first + (count * part / parts), first + (count * (part + 1) / parts));
            var share = WeightOf(batch, from..to) / weight;
            loss += share * Backward(network, batch, from..to, share, ref random);
        }

        return loss;
    }

    /// <summary>
    /// What images of a batch count in its mean loss: their number, or the sum of their classes' weights. Mixing does not alter it, because
    /// the images of a part are mixed with each other.
    /// </summary>
    public double WeightOf(Batch batch, Range images) =>
        _classWeights is { } weights
            ? batch.Labels[images].ToArray().Sum(label => (double)weights[label])
            : images.GetOffsetAndLength(batch.Labels.Length).Length;

    /// <summary>Main loss plus weighted side losses (GoogLeNet §5).</summary>
    internal Tensor TotalLoss(NetworkOutput output, Tensor main, MixedLabels labels)
    {
        var total = main;
        using Scalar weight = _recipe.AuxWeight; // held until libtorch has read it, see Libtorch
        foreach (var side in output.AuxLogits)
            total = total.add(Loss(side, labels), weight);
        return total;
    }

    /// <summary>Cross-entropy with label smoothing and class weights, of mixed images the mean over both labels.</summary>
    internal Tensor Loss(Tensor logits, MixedLabels labels)
    {
        var scores = logits.to(ScalarType.Float32);
        var loss = CrossEntropy(scores, labels.First);
        return labels.Second is { } second ? loss.lerp(CrossEntropy(scores, second), tensor(labels.SecondShare)) : loss;
    }

    private float Backward(NetworkModule network, Batch batch, Range images, double share, ref SplitMix64 random)
    {
        using var scope = NewDisposeScope();
        MixedLabels labels = new(tensor(batch.Labels[images]).to(network.Device));
        NetworkOutput output;
        Tensor? taught = null;
        if (_features)
        {
            output = network.Classify(
                tensor(batch.PixelsOf(images).ToArray(), [labels.First.shape[0], network.Network.Features.Output.Count]).to(network.Device)
            );
        }
        else
        {
            var pixels = PixelTensor.Of(batch.PixelsOf(images), network.Network.Input.Output).to(network.Device);
            (pixels, labels) = ImageMixing.Mix(pixels, labels.First, _recipe, ref random);
            pixels = _recipe.Precision == PrecisionKind.BFloat16 ? pixels.to(ScalarType.BFloat16) : pixels;
            output = network.forward(pixels);
            taught = _teachers?.Loss(
                output.Logits.to(ScalarType.Float32),
                pixels,
                _recipe.TeacherTemperature,
                _classWeights is { } weights ? tensor(weights).to(network.Device)[labels.First] : null
            );
        }

        var main = Loss(output.Logits, labels);
        if (taught is not null)
            main = main.lerp(taught, tensor((float)_recipe.TeacherWeight).to(main.device));
        var total = TotalLoss(output, main, labels);
        if (share < 1)
        {
            using Scalar part = share;
            total = total.mul(part);
        }

        total.backward();
        return main.item<float>();
    }

    private Tensor CrossEntropy(Tensor scores, Tensor labels) =>
        nn.functional.cross_entropy(
            scores,
            labels,
            weight: _classWeights is null ? null : tensor(_classWeights).to(scores.device),
            label_smoothing: _recipe.LabelSmoothing
        );
}
