using Saccade.Inference.Decoding;
using Saccade.Training.Data;
using Saccade.Training.Loop;
using Saccade.Training.Recipes;
using Xunit;

namespace Saccade.Training.Tests.Data;

/// <summary>What an epoch shows and how much it counts, where classes are of different size.</summary>
public sealed class SamplingTests
{
    private static readonly Labelled Uneven = new([.. Enumerable.Repeat(0, 90), .. Enumerable.Repeat(1, 9), .. Enumerable.Repeat(2, 1)]);

    [Fact]
    public void Draw_UnevenClasses_ShowsEachEquallyOften()
    {
        var drawn = new BalancedDraw(Uneven).Draw(SplitMix64.At(1));

        Assert.Equal(100, drawn.Length);
        Assert.All(drawn.CountBy(Uneven.LabelOf), count => Assert.InRange(count.Value, 33, 34));
        var times = drawn.Where(index => Uneven.LabelOf(index) == 1).CountBy(index => index).ToArray();
        Assert.Equal(9, times.Length);
        Assert.All(times, count => Assert.InRange(count.Value, 3, 4)); // all of them before one comes again
        Assert.Equal(1, drawn.Where(index => Uneven.LabelOf(index) == 0).CountBy(index => index).Max(count => count.Value));
    }

    [Fact]
    public void FairOrder_AnyBeginning_HasEachClassInItsShare()
    {
        int[] labels = [.. Enumerable.Range(0, Uneven.Count).Select(Uneven.LabelOf)];

        var order = FairOrder.Of(labels);

        Assert.Equal(Enumerable.Range(0, labels.Length), order.Order());
        for (var count = 1; count <= labels.Length; count++)
        {
            foreach (var (label, share) in new[] { (0, 0.9), (1, 0.09), (2, 0.01) })
                Assert.InRange(order.Take(count).Count(index => labels[index] == label) - (share * count), -1.5, 1.5);
        }

        Assert.NotEqual(Enumerable.Range(0, 90), order.Where(index => labels[index] == 0));
    }

    [Fact]
    public void FairOrder_ManyEqualClasses_DoesNotBeginWithTheFirstOnes()
    {
        int[] labels = [.. Enumerable.Range(0, 1000).Select(index => index / 10)];

        Assert.InRange(FairOrder.Of(labels).Take(20).Average(index => labels[index]), 25, 75);
    }

    [Fact]
    public void Draw_AnotherEpoch_ShowsOthers()
    {
        BalancedDraw draw = new(Uneven);

        Assert.Equal(draw.Draw(SplitMix64.At(1)), draw.Draw(SplitMix64.At(1)));
        Assert.NotEqual(draw.Draw(SplitMix64.At(1)).Order(), draw.Draw(SplitMix64.At(2)).Order());
    }

    [Fact]
    public void ClassWeights_Balanced_AreInverseToTheCountsAndOneOnAverage()
    {
        Assert.Null(ClassWeights.Of(ClassWeightsKind.None, Uneven, 3));
        var weights = ClassWeights.Of(ClassWeightsKind.Balanced, Uneven, 4)!;

        Assert.Equal([100 / 270f, 100 / 27f, 100 / 3f, 0], weights);
        Assert.Equal(1, Enumerable.Range(0, 100).Average(index => weights[Uneven.LabelOf(index)]), 1e-5);
    }

    [Fact]
    public void ImagesPerClass_MoreThanThereAre_TakesAll()
    {
        var some = ImagesPerClass.Draw(Uneven, 5, seed: 1);

        Assert.Equal([5, 5, 1], Enumerable.Range(0, some.Count).CountBy(some.LabelOf).Select(count => count.Value));
        Assert.NotEqual(Files(some), Files(ImagesPerClass.Draw(Uneven, 5, seed: 2)));
        Assert.Equal(Files(some), Files(ImagesPerClass.Draw(Uneven, 5, seed: 1)));

        static IEnumerable<string?> Files(IImageSource source) => Enumerable.Range(0, source.Count).Select(source.FileOf);
    }

    private sealed class Labelled(int[] labels) : IImageSource
    {
        public int Count => labels.Length;

        public int LabelOf(int index) => labels[index];

        public string? FileOf(int index) => $"{index}";

        public DecodedImage Load(int index) => new([0, 0, 0], 1, 1);
    }
}
