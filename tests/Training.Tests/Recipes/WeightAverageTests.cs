using Saccade.Training.Recipes;
using Xunit;
using static TorchSharp.torch;

namespace Saccade.Training.Tests.Recipes;

public sealed class WeightAverageTests
{
    private static readonly float[] Iterates = [1, 5, -2, 8, 3, 3, 0, 10];

    [Fact]
    public void Update_Polyak_IsTheArithmeticMean() =>
        Assert.Equal(Iterates.Average(), MeanOf(new() { Kind = AveragingKind.Polyak }), 1e-5f);

    [Fact]
    public void Update_PolyakFromTheSecondEpoch_IsTheMeanOfWhatCameAfter() =>
        Assert.Equal(Iterates.Skip(3).Average(), MeanOf(new() { Kind = AveragingKind.Polyak, FromEpoch = 1 }), 1e-5f);

    [Fact]
    public void Update_Ema_IsTheRecursionWithTensorFlowsWarmUp()
    {
        var expected = 100.0; // where the mean starts
        foreach (var (step, iterate) in Iterates.Index())
        {
            var decay = Math.Min(0.5, (1.0 + step) / (10.0 + step));
            expected = (decay * expected) + ((1 - decay) * iterate);
        }

        Assert.Equal(expected, MeanOf(new() { Kind = AveragingKind.Ema, Decay = 0.5 }), 1e-5);
    }

    [Fact]
    public void WeightOf_LateStep_IsOneMinusTheDecay()
    {
        using WeightAverage average = new([], new() { Kind = AveragingKind.Ema, Decay = 0.999 }, stepsPerEpoch: 1);

        Assert.Equal(1 - (1.0 / 10), average.WeightOf(0), 1e-12);
        Assert.Equal(0.001, average.WeightOf(1_000_000), 1e-12);
    }

    [Theory]
    [InlineData(AveragingKind.Ema, 0, 10, 100)]
    [InlineData(AveragingKind.Polyak, 0, 10, 100)]
    [InlineData(AveragingKind.Polyak, 2, 10, 120)]
    [InlineData(AveragingKind.Polyak, 2, 500, 1500)] // two epochs before it starts, and one whole
    public void IsRipe_ByKind_TakesSoManySteps(AveragingKind kind, double from, long stepsPerEpoch, long steps)
    {
        using WeightAverage average = new([], new() { Kind = kind, FromEpoch = from }, stepsPerEpoch);

        Assert.False(average.IsRipe(steps - 1));
        Assert.True(average.IsRipe(steps));
    }

    [Fact]
    public void Use_Ended_RestoresEveryBit()
    {
        using var scope = NewDisposeScope();
        var trained = tensor(new[] { 0.1f, float.Epsilon, -0f, 1e30f });
        var before = trained.bytes.ToArray();
        using WeightAverage average = new([("a", trained)], new() { Kind = AveragingKind.Polyak }, stepsPerEpoch: 1);
        trained.add_(1);
        var moved = trained.bytes.ToArray();

        using (average.Use())
            Assert.Equal(before, trained.bytes.ToArray());

        Assert.Equal(moved, trained.bytes.ToArray());
    }

    private static float MeanOf(AveragingOptions options)
    {
        using var scope = NewDisposeScope();
        var trained = tensor(new[] { 100f });
        using WeightAverage average = new([("a", trained)], options, stepsPerEpoch: 3);
        foreach (var (step, iterate) in Iterates.Index())
        {
            trained.fill_(iterate);
            average.Update(step);
            Assert.Equal(iterate, trained.item<float>()); // reading must not alter
        }

        return average.State.Single().Value.item<float>();
    }
}
