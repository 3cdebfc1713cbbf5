using Saccade.Training.Data;
using Saccade.Training.Loop;
using Saccade.Training.Modules;
using Saccade.Training.Networks;
using Saccade.Training.Networks.Layers;
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
    public void TotalLoss_TwoAux_AddsEachByItsWeight(double weight)
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 2 });
        var main = tensor(new[] { 1f, 2, 3, 0, 0, 5 }).reshape(2, 3);
        var first = tensor(new[] { 0f, 1, 0, 1, 0, 1 }).reshape(2, 3);
        var second = tensor(new[] { 4f, 0, 0, 0, 4, 0 }).reshape(2, 3);
        var step = Step(new Recipe { Name = "test", AuxWeight = weight });

        var total = step.TotalLoss(new NetworkOutput(main, [first, second]), step.Loss(main, new(labels)), new(labels));

        Assert.Equal(CrossEntropy(main) + (weight * (CrossEntropy(first) + CrossEntropy(second))), total.item<float>(), 1e-5);
    }

    /// <summary>architectures.md §3.6: the gradient by a logit is p − q′, with q′ = (1 − ε)·q + ε/K.</summary>
    [Fact]
    public void Loss_LabelSmoothing_HasTheGradientOfTheSmoothedTarget()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 1f, 2, 0.5f, -1 }, requires_grad: true);
        Step(new Recipe { Name = "test", LabelSmoothing = 0.1 }).Loss(logits.reshape(1, 4), new(tensor(new long[] { 1 }))).backward();

        var probabilities = Softmax([1, 2, 0.5, -1]);
        double[] target = [0.025, 0.925, 0.025, 0.025];
        Assert.All(
            logits.grad!.data<float>().ToArray().Zip(probabilities.Zip(target, (p, q) => p - q)),
            pair => Assert.Equal(pair.Second, pair.First, 1e-6)
        );
    }

    [Fact]
    public void Loss_ClassWeights_CountAnImageByItsClass()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 1f, 2, 3, 0, 0, 5 }).reshape(2, 3);
        var step = Step(new Recipe { Name = "test" }, [1, 0, 3]);

        var loss = step.Loss(logits, new(tensor(new long[] { 0, 2 }))).item<float>();

        Assert.Equal((-Math.Log(Softmax([1, 2, 3])[0]) - (3 * Math.Log(Softmax([0, 0, 5])[2]))) / 4, loss, 1e-5);
    }

    [Fact]
    public void Loss_MixedLabels_IsTheShareOfBoth()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 1f, 2, 3 }).reshape(1, 3);
        var loss = Step(new Recipe { Name = "test" })
            .Loss(logits, new(tensor(new long[] { 0 }), tensor(new long[] { 2 }), 0.25f))
            .item<float>();

        var p = Softmax([1, 2, 3]);
        Assert.Equal((-0.75 * Math.Log(p[0])) - (0.25 * Math.Log(p[2])), loss, 1e-5);
    }

    /// <summary>Every convolution of the network that CIFAR-10 is trained with, forward and backward, against 64-bit floats.</summary>
    [Theory]
    [InlineData(ScalarType.BFloat16, 0.02)]
    [InlineData(ScalarType.Float32, 1e-4)]
    public void Convolutions_OfTheCifarNetwork_AreRightChannelsLast(ScalarType type, double tolerance)
    {
        random.manual_seed(1);
        var network = Architectures.Create(
            "googlenet-bn",
            new NetworkOptions
            {
                Variant = "cifar",
                Input = 32,
                Classes = 10,
                Width = 0.5,
            }
        );
        foreach (var node in network.Nodes.Where(node => node.Layer is Conv))
        {
            using var scope = NewDisposeScope();
            var conv = (Conv)node.Layer;
            var input = node.Inputs[0].Output;
            var x = ChannelsLast(randn(4, input.Channels, input.Height, input.Width).to(type));
            var w = randn([.. node.Weights[0].Shape]).to(type);
            var slope = ChannelsLast(randn(4, node.Output.Channels, node.Output.Height, node.Output.Width).to(type));

            Assert.All(
                Passes(x, w, slope, conv)
                    .Zip(Passes(x.to(ScalarType.Float64), w.to(ScalarType.Float64), slope.to(ScalarType.Float64), conv)),
                pair =>
                    Assert.InRange(
                        (pair.First.to(ScalarType.Float64) - pair.Second).abs().max().item<double>()
                            / pair.Second.abs().max().item<double>(),
                        0,
                        tolerance
                    )
            );
        }

        static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

        static Tensor[] Passes(Tensor x, Tensor w, Tensor slope, Conv conv)
        {
            var (input, kernel) = (x.alias().detach().requires_grad_(), w.alias().detach().requires_grad_());
            var y = nn.functional.conv2d(input, kernel, padding: [conv.Window.Pad.Rows, conv.Window.Pad.Columns]);
            y.backward([slope]);
            return [y.detach(), input.grad!, kernel.grad!];
        }
    }

    /// <summary>
    /// bfloat16 has 8 bits of precision, and batch normalisation over 12 small images enlarges what they lose: the gradients need not be
    /// equal, but what a step learns must point the same way. Directions that have nothing to do with each other would have a cosine of 0
    /// to within a hundredth.
    /// </summary>
    [Fact]
    public void Gradients_InBFloat16_PointTheWayOfFloats()
    {
        using var scope = NewDisposeScope();
        var floats = Gradient(TinyRun.Recipe with { Augmentation = new() });
        var halves = Gradient(TinyRun.Recipe with { Augmentation = new(), Precision = PrecisionKind.BFloat16 });

        Assert.Equal(floats.Loss, halves.Loss, 0.02);
        Assert.NotEqual(floats.Loss, halves.Loss);
        Assert.InRange(nn.functional.cosine_similarity(floats.All, halves.All, 0).item<float>(), 0.5, 1);

        static (double Loss, Tensor All) Gradient(Recipe recipe)
        {
            var record = TinyRun.Record(recipe);
            using var state = TrainingState.Create(record, stepsPerEpoch: 1);
            TrainingCrops crops = new(record.Preprocessing, record.Network.InputSize, recipe.Augmentation, record.Seed);
            BatchLoader loader = new(TinyRun.Data.Train, 3 * 28 * 28, ahead: 1, TimeProvider.System);
            using var batch = loader.Read([.. Enumerable.Range(0, 12)], new BatchPlan(12, 12), crops.ForEpoch(0)).Single();
            state.Network.train();
            var loss = new TrainingStep(record).Gradients(state.Network, batch, Range.All, step: 1);
            return (
                loss,
                cat([
                        .. state
                            .Network.parameters()
                            .Where(parameter => parameter.grad is not null)
                            .Select(parameter => parameter.grad!.flatten()),
                    ])
                    .clone()
            );
        }
    }

    [Fact]
    public void PixelTensor_Pixels_KeepTheirPlacesAndLieChannelsLast()
    {
        using var scope = NewDisposeScope();
        var pixels = Enumerable.Range(0, 2 * 3 * 4 * 5).Select(value => (float)value).ToArray();

        var batch = PixelTensor.Of(pixels, new(3, 4, 5));

        Assert.Equal([2, 3, 4, 5], batch.shape);
        Assert.Equal(pixels, batch.data<float>().ToArray());
        Assert.True(batch.permute(0, 2, 3, 1).is_contiguous());
    }

    // Labels 0 and 2 of two rows of three, by the definition.
    private static TrainingStep Step(Recipe recipe, float[]? classWeights = null) => new(TinyRun.Record(recipe), classWeights);

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
