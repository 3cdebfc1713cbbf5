using Saccade.Training.Recipes;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Recipes;

public sealed class TensorFlowRmsPropTests
{
    private const double Rate = 0.045;
    private static readonly Recipe Paper = new()
    {
        Name = "test",
        Optimiser = OptimiserKind.RmsProp,
        Momentum = 0.9,
        RmsDecay = 0.9,
        RmsEpsilon = 1,
        WeightDecay = 0,
    };

    /// <summary>Step by step with the numbers written out: mean square from 1, epsilon within the root, the rate within the
    /// velocity.</summary>
    [Fact]
    public void Step_TwoStepsOnASlopeOfThree_GiveTheNumbersOfTheFormula()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(tensor(new[] { 2f }));
        using TensorFlowRmsProp optimiser = new([("w", weight)], Paper);

        Descend(weight, optimiser, slope: 3, Rate);

        // s = 0.9 + 0.1·9 = 1.8; v = 0.045·3/√2.8
        Assert.Equal(2 - 0.0806779, weight.item<float>(), 1e-6);

        Descend(weight, optimiser, slope: 3, Rate / 2);

        // s = 0.9·1.8 + 0.9 = 2.52; v = 0.9·0.0806779 + 0.0225·3/√3.52: halving the rate does not halve the velocity
        Assert.Equal(2 - 0.0806779 - 0.1085878, weight.item<float>(), 1e-6);
    }

    [Theory]
    [InlineData(1, 0.9, 0.9)]
    [InlineData(1e-10, 0.9, 0)]
    [InlineData(0.1, 0.99, 0.5)]
    public void Step_ManySteps_EqualTheRecursion(double epsilon, double decay, double momentum)
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(tensor(new[] { 1f }));
        using TensorFlowRmsProp optimiser = new(
            [("w", weight)],
            Paper with
            {
                RmsEpsilon = epsilon,
                RmsDecay = decay,
                Momentum = momentum,
            }
        );
        var (theta, meanSquare, velocity) = (1.0, 1.0, 0.0);
        for (var step = 0; step < 20; step++)
        {
            var slope = Math.Sin(step) * 2;
            Descend(weight, optimiser, slope, Rate);
            meanSquare = (decay * meanSquare) + ((1 - decay) * slope * slope);
            velocity = (momentum * velocity) + (Rate * slope / Math.Sqrt(meanSquare + epsilon));
            theta -= velocity;
        }

        Assert.Equal(theta, weight.item<float>(), 1e-5);
    }

    /// <summary>torch's own RMSprop is the same method where the two agree: no epsilon, mean squares put to 1, a constant rate.</summary>
    [PythonFact("torch")]
    public async Task Step_WithoutEpsilon_EqualsTorchStartedAtOne()
    {
        const string Script = """
            import torch
            w = torch.nn.Parameter(torch.tensor([1.0, -2.0, 0.5]))
            o = torch.optim.RMSprop([w], lr=0.01, alpha=0.9, eps=0, momentum=0.9, weight_decay=0.1)
            for t in range(6):
                o.zero_grad()
                (w * w * torch.tensor([1.0, 2.0, -1.0])).sum().backward()
                if t == 0:
                    o.state[w] = {'step': 0, 'square_avg': torch.ones(3), 'momentum_buffer': torch.zeros(3)}
                o.step()
            print(' '.join(str(v) for v in w.tolist()))
            """;
        var expected = (await PythonFactAttribute.RunAsync(Script))
            .Split(' ')
            .Select(value => double.Parse(value, System.Globalization.CultureInfo.InvariantCulture))
            .ToArray();

        using var scope = NewDisposeScope();
        var weight = new Parameter(tensor(new[] { 1f, -2, 0.5f }));
        using TensorFlowRmsProp optimiser = new([("w", weight)], Paper with { RmsEpsilon = 0, WeightDecay = 0.1, DecayBiasAndNorm = true });
        for (var step = 0; step < 6; step++)
        {
            weight.grad?.zero_();
            weight.mul(weight).mul(tensor(new[] { 1f, 2, -1 })).sum().backward();
            optimiser.Step(0.01);
        }

        Assert.Equal(3, expected.Length);
        Assert.All(expected.Zip(weight.detach().data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void State_NewOptimiser_IsMeanSquaresOfOneAndNoVelocity()
    {
        using var scope = NewDisposeScope();
        using TensorFlowRmsProp optimiser = new([("w", new Parameter(tensor(new[] { 5f, 6 })))], Paper);

        Assert.Equal(
            [("meanSquare.w", "1 1"), ("velocity.w", "0 0")],
            optimiser.State.Select(tensor => (tensor.Name, string.Join(' ', tensor.Value.data<float>().ToArray())))
        );
    }

    private static void Descend(Parameter weight, TensorFlowRmsProp optimiser, double slope, double rate)
    {
        weight.grad?.zero_();
        weight.mul(slope).sum().backward();
        optimiser.Step(rate);
    }
}
