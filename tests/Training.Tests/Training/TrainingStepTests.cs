using Saccade.Training.Loop;
using Saccade.Training.Modules;
using Saccade.Training.Recipes;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Training;

public sealed class TrainingStepTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void TotalLoss_TwoSideHeads_AddsEachByItsWeight(double weight)
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 2 });
        var main = tensor(new[] { 1f, 2, 3, 0, 0, 5 }).reshape(2, 3);
        var first = tensor(new[] { 0f, 1, 0, 1, 0, 1 }).reshape(2, 3);
        var second = tensor(new[] { 4f, 0, 0, 0, 4, 0 }).reshape(2, 3);
        Recipe recipe = new() { Name = "test", SideHeadWeight = weight };

        var total = TrainingStep.TotalLoss(new NetworkOutput(main, [first, second]), TrainingStep.Loss(main, labels, recipe), labels, recipe);

        Assert.Equal(CrossEntropy(main) + (weight * (CrossEntropy(first) + CrossEntropy(second))), total.item<float>(), 1e-5);
    }

    /// <summary>architectures.md §3.6: the gradient by a logit is p − q′, with q′ = (1 − ε)·q + ε/K.</summary>
    [Fact]
    public void Loss_LabelSmoothing_HasTheGradientOfTheSmoothedTarget()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 1f, 2, 0.5f, -1 }, requires_grad: true);
        TrainingStep.Loss(logits.reshape(1, 4), tensor(new long[] { 1 }), new Recipe { Name = "test", LabelSmoothing = 0.1 }).backward();

        var probabilities = Softmax([1, 2, 0.5, -1]);
        double[] target = [0.025, 0.925, 0.025, 0.025];
        Assert.All(
            logits.grad!.data<float>().ToArray().Zip(probabilities.Zip(target, (p, q) => p - q)),
            pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void ToTensor_Pixels_KeepTheirPlacesAndLieChannelsLast()
    {
        using var scope = NewDisposeScope();
        var pixels = Enumerable.Range(0, 2 * 3 * 4 * 5).Select(value => (float)value).ToArray();

        var batch = TrainingStep.ToTensor(pixels, new(3, 4, 5));

        Assert.Equal([2, 3, 4, 5], batch.shape);
        Assert.Equal(pixels, batch.data<float>().ToArray());
        Assert.True(batch.permute(0, 2, 3, 1).is_contiguous());
    }

    // Labels 0 and 2 of two rows of three, by the definition.
    private static double CrossEntropy(Tensor logits)
    {
        var values = logits.data<float>().ToArray().Select(value => (double)value).ToArray();
        return -(Math.Log(Softmax(values[..3])[0]) + Math.Log(Softmax(values[3..])[2])) / 2;
    }

    private static double[] Softmax(double[] logits)
    {
        var sum = logits.Sum(Math.Exp);
        return [.. logits.Select(logit => Math.Exp(logit) / sum)];
    }
}
