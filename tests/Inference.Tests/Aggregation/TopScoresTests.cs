using FsCheck;
using FsCheck.Fluent;
using Saccade.Inference.Aggregation;

namespace Saccade.Inference.Tests.Aggregation;

public sealed class TopScoresTests
{
    [Fact]
    public void Select_AnyScores_AreThoseOfAStableSort()
    {
        // Few distinct values, so that ties are common.
        Arbitrary<int[]> scores = Gen.Choose(-3, 5).ArrayOf().ToArbitrary();
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                scores,
                Gen.Choose(1, 12).ToArbitrary(),
                (values, count) =>
                {
                    ScoredClass[] expected =
                    [
                        .. values.Select((value, index) => new ScoredClass(index, value)).OrderByDescending(item => item.Score).Take(count),
                    ];
                    return expected.SequenceEqual(TopScores.Select([.. values.Select(value => (float)value)], count));
                }
            )
        );
    }

    [Fact]
    public void Select_NotANumber_NeverWinsAndIsNeverReturned()
    {
        Assert.Equal([new ScoredClass(1, 0.5f), new ScoredClass(3, 0.25f)], TopScores.Select([float.NaN, 0.5f, float.NaN, 0.25f], 4));
        Assert.Empty(TopScores.Select([float.NaN], 1));
    }

    [Fact]
    public void Select_Equal_ComeInClassOrder() =>
        Assert.Equal([0, 1, 2], TopScores.Select([0.2f, 0.2f, 0.2f, 0.2f], 3).Select(item => item.Index));

    [Fact]
    public void Select_NoneWanted_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => TopScores.Select([1], 0));
}
