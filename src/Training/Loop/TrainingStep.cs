using Saccade.Training.Data;
using Saccade.Training.Modules;
using Saccade.Training.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace Saccade.Training.Loop;

/// <summary>What one step of training computes before anything moves: forward, loss, backward.</summary>
internal static class TrainingStep
{
    private const long Purpose = 0x7374_6570;

    /// <summary>Leaves the gradients of a batch's mean loss with a network's parameters, and what batch norm saw in its
    /// statistics.</summary>
    /// <param name="network">In training mode.</param>
    /// <param name="batch">Images and labels.</param>
    /// <param name="images">The part of the batch to learn from, not empty.</param>
    /// <param name="recipe">Label smoothing and the weight of auxiliary classifiers.</param>
    /// <param name="dropoutSeed">Start of dropout's choices: nothing of them is left over from step to step.</param>
    /// <returns>The mean loss of the main head, without the auxiliary classifiers.</returns>
    public static float Gradients(NetworkModule network, Batch batch, Range images, Recipe recipe, long dropoutSeed)
    {
        using var scope = NewDisposeScope();
        network.zero_grad();
        network.Randomness.manual_seed(dropoutSeed);
        var labels = tensor(batch.Labels[images]).to(network.Device);
        var pixels = PixelTensor.Of(batch.PixelsOf(images), network.Network.Input.Output).to(network.Device);
        var output = network.forward(recipe.Precision == PrecisionKind.BFloat16 ? pixels.to(ScalarType.BFloat16) : pixels);
        var main = Loss(output.Logits, labels, recipe);
        TotalLoss(output, main, labels, recipe).backward();
        return main.item<float>();
    }

    /// <summary>The seed of a replica's dropout in a step; the first replica's is that of a run without replicas.</summary>
    internal static long DropoutSeed(long seed, long step, int replica = 0) =>
        (long)(replica == 0 ? SplitMix64.Mix(seed, Purpose, step) : SplitMix64.Mix(seed, Purpose, step, replica));

    /// <summary>Main loss plus weighted side losses (GoogLeNet §5).</summary>
    internal static Tensor TotalLoss(NetworkOutput output, Tensor main, Tensor labels, Recipe recipe)
    {
        var total = main;
        using Scalar weight = recipe.AuxWeight; // held until libtorch has read it, see Libtorch
        foreach (var side in output.AuxLogits)
            total = total.add(Loss(side, labels, recipe), weight);
        return total;
    }

    internal static Tensor Loss(Tensor logits, Tensor labels, Recipe recipe) =>
        nn.functional.cross_entropy(logits.to(ScalarType.Float32), labels, label_smoothing: recipe.LabelSmoothing);
}
