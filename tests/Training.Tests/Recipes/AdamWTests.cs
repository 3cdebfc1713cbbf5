using Saccade.Training.Recipes;
using Xunit;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace Saccade.Training.Tests.Recipes;

public sealed class AdamWTests
{
    private static readonly Recipe Settings = new()
    {
        Name = "test",
        Optimiser = OptimiserKind.AdamW,
        WeightDecay = 0.1,
        Beta2 = 0.99,
        AdamEpsilon = 1e-6,
        DecayBiasAndNorm = true,
    };

    [Fact]
    public void Step_FiveSteps_EqualTorchsOwn()
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = (Kernel(), Kernel());
        using AdamW optimiser = new([("kernel", ours)], Settings);
        using var reference = optim.AdamW([theirs], lr: 0.05, beta1: 0.9, beta2: 0.99, eps: 1e-6, weight_decay: 0.1);

        for (var step = 0; step < 5; step++)
        {
            foreach (var parameter in new[] { ours, theirs })
            {
                parameter.grad?.zero_();
                parameter.mul(parameter).mul(parameter).sum().backward();
            }

            optimiser.Step(0.05);
            reference.step();
        }

        Assert.All(
            theirs.detach().data<float>().ToArray().Zip(ours.detach().data<float>().ToArray()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-6f)
        );
    }

    /// <summary>Adam's first step has the length of the rate, whatever the gradient: also for a weight that was let go late.</summary>
    [Fact]
    public void Step_ParameterThatComesLater_CountsItsOwnSteps()
    {
        using var scope = NewDisposeScope();
        var (first, late) = (new Parameter(tensor(new[] { 1f })), new Parameter(tensor(new[] { 1f })));
        using AdamW optimiser = new([("first", first), ("late", late)], Settings with { WeightDecay = 0, AdamEpsilon = 0 });
        for (var step = 0; step < 10; step++)
        {
            first.grad?.zero_();
            first.mul(3).sum().backward();
            optimiser.Step(0.01);
        }

        late.mul(7).sum().backward();
        optimiser.Step(0.01);

        Assert.Equal(0.99f, late.item<float>(), 1e-5f);
    }

    [Fact]
    public void Step_VectorsAndRates_DecayAndMoveAsTheRecipeSays()
    {
        using var scope = NewDisposeScope();
        var (kernel, bias) = (Kernel(), new Parameter(tensor(new[] { 2f })));
        var before = kernel.detach().clone();
        using AdamW optimiser = new(
            [("kernel", kernel), ("bias", bias)],
            Settings with
            {
                DecayBiasAndNorm = false,
            },
            new Dictionary<string, double> { ["kernel"] = 0 }
        );

        kernel.sum().add(bias.sum()).backward();
        optimiser.Step(0.5);

        Assert.Equal(before.data<float>().ToArray(), kernel.detach().data<float>().ToArray());
        Assert.Equal(1.5f, bias.item<float>(), 1e-4f);
    }

    private static Parameter Kernel() => new(tensor(new[] { 1f, -2f, 3f, 0.5f }).reshape(2, 2));
}
