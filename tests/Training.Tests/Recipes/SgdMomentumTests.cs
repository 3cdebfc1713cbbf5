using Saccade.Training.Recipes;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Recipes;

public sealed class SgdMomentumTests
{
    private const double Rate = 0.1;
    private const double Mu = 0.9;
    private const double Lambda = 0.01;

    /// <summary>Two steps on the loss Σ c·θ, whose gradient is c, worked out by hand for each form.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Step_TwoSteps_EqualTheFormula(bool nesterov, bool decayAll)
    {
        using var scope = NewDisposeScope();
        var kernel = new Parameter(tensor(new[] { 1f, -2f, 3f, 4f }).reshape(2, 2));
        var bias = new Parameter(tensor(new[] { 0.5f, -0.5f }));
        Recipe recipe = new()
        {
            Name = "test",
            Momentum = Mu,
            Nesterov = nesterov,
            WeightDecay = Lambda,
            DecayBiasAndNorm = decayAll,
        };
        using SgdMomentum optimiser = new([("kernel", kernel), ("bias", bias)], recipe);

        for (var step = 0; step < 2; step++)
        {
            kernel.grad?.zero_();
            bias.grad?.zero_();
            kernel.mul(2).sum().add(bias.mul(-3).sum()).backward();
            optimiser.Step(Rate);
        }

        double[] kernelStart = [1, -2, 3, 4];
        double[] biasStart = [0.5, -0.5];
        AssertClose(kernelStart.Select(value => ByHand(value, 2, Lambda, nesterov)), kernel);
        AssertClose(biasStart.Select(value => ByHand(value, -3, decayAll ? Lambda : 0, nesterov)), bias);
    }

    [Fact]
    public void Step_RatesOfSome_MoveThemSoManyTimesAsFar()
    {
        using var scope = NewDisposeScope();
        var shift = new Parameter(tensor(new[] { 1f }));
        var other = new Parameter(tensor(new[] { 1f }));
        using SgdMomentum optimiser = new(
            [("shift", shift), ("other", other)],
            new Recipe { Name = "test" },
            new Dictionary<string, double> { ["shift"] = 4 }
        );

        shift.sum().add(other.sum()).backward();
        optimiser.Step(Rate);

        Assert.Equal(4 * (1 - other.item<float>()), 1 - shift.item<float>(), 1e-6);
    }

    [Fact]
    public void Step_ParameterWithoutGradient_StaysPut()
    {
        using var scope = NewDisposeScope();
        var idle = new Parameter(tensor(Enumerable.Repeat(1f, 9).ToArray()));
        using SgdMomentum optimiser = new([("idle", idle)], new Recipe { Name = "test" });

        optimiser.Step(Rate);

        AssertClose(Enumerable.Repeat(1.0, 9), idle);
    }

    private static double ByHand(double theta, double slope, double decay, bool nesterov)
    {
        var velocity = 0.0;
        for (var step = 0; step < 2; step++)
        {
            var gradient = slope + (decay * theta);
            velocity = (Mu * velocity) + gradient;
            theta -= Rate * (nesterov ? gradient + (Mu * velocity) : velocity);
        }

        return theta;
    }

    private static void AssertClose(IEnumerable<double> expected, Tensor actual) =>
        Assert.All(expected.Zip(actual.detach().data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
}
