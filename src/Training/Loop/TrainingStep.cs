using System.Runtime.InteropServices;
using Saccade.Training.Data;
using Saccade.Training.Modules;
using Saccade.Training.Recipes;
using static TorchSharp.torch;

namespace Saccade.Training.Loop;

/// <summary>One step of stochastic gradient descent: forward, loss, backward, move.</summary>
internal static class TrainingStep
{
    /// <summary>Trains on a batch.</summary>
    /// <param name="state">What moves.</param>
    /// <param name="batch">Pictures and labels.</param>
    /// <param name="recipe">Label smoothing and the weight of side heads.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <returns>The mean loss of the main head, without the side heads.</returns>
    public static float Run(TrainingState state, Batch batch, Recipe recipe, double learningRate)
    {
        using var scope = NewDisposeScope();
        state.Network.zero_grad();
        var labels = tensor(batch.Labels);
        var output = state.Network.forward(ToTensor(batch, state.Network.Network.Input.Output));
        var main = Loss(output.Logits, labels, recipe);
        TotalLoss(output, main, labels, recipe).backward();
        state.Optimiser.Step(learningRate);
        return main.item<float>();
    }

    /// <summary>Main loss plus weighted side losses (GoogLeNet §5).</summary>
    internal static Tensor TotalLoss(NetworkOutput output, Tensor main, Tensor labels, Recipe recipe)
    {
        var total = main;
        foreach (var side in output.SideLogits)
            total = total.add(Loss(side, labels, recipe), recipe.SideHeadWeight);
        return total;
    }

    /// <summary>A batch's pixels as [pictures × crops, 3, height, width].</summary>
    internal static Tensor ToTensor(Batch batch, Networks.Shape input)
    {
        var pixels = empty([batch.Pixels.Length / (input.Channels * input.Height * input.Width), input.Channels, input.Height, input.Width]);
        batch.Pixels.CopyTo(MemoryMarshal.Cast<byte, float>(pixels.bytes));
        return pixels;
    }

    internal static Tensor Loss(Tensor logits, Tensor labels, Recipe recipe) =>
        nn.functional.cross_entropy(logits, labels, label_smoothing: recipe.LabelSmoothing);
}
