using Xunit;

namespace Saccade.Training.Tests;

public sealed class SplitMix64Tests
{
    /// <summary>The first outputs for this seed as published with the algorithm's implementations in many languages.</summary>
    [Fact]
    public void Next_KnownSeed_GivesThePublishedStream()
    {
        SplitMix64 random = new(1234567);

        ulong[] stream = [random.Next(), random.Next(), random.Next(), random.Next(), random.Next()];

        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821], stream);
    }

    [Fact]
    public void Permutation_AnyCount_HoldsEachIndexOnce()
    {
        for (var count = 0; count < 40; count++)
            Assert.Equal(Enumerable.Range(0, count), SplitMix64.At(3, count).Permutation(count).Order());
    }

    [Fact]
    public void Permutation_ManyDraws_PutsEveryIndexEverywhereAlike()
    {
        const int Draws = 24_000;
        var counts = new int[4, 4];
        for (var draw = 0; draw < Draws; draw++)
        {
            foreach (var (position, index) in SplitMix64.At(draw).Permutation(4).Index())
                counts[position, index]++;
        }

        // Each cell expects 6,000 with a standard deviation of 67; five of them are never exceeded by a fair shuffle.
        Assert.All(counts.Cast<int>(), count => Assert.InRange(count, 5_665, 6_335));
    }

    [Fact]
    public void At_SwappedCoordinates_GivesAnotherStream() => Assert.NotEqual(SplitMix64.At(1, 2).Next(), SplitMix64.At(2, 1).Next());

    [Fact]
    public void NextBounded_ManyDraws_StaysInRangeAndReachesBothEnds()
    {
        SplitMix64 random = new(5);
        var draws = Enumerable.Range(0, 1_000).Select(_ => random.Next(7)).ToArray();

        Assert.Equal(Enumerable.Range(0, 7), draws.Distinct().Order());
    }
}
