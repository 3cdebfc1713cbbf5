using Saccade.Inference.Scheduling;

namespace Saccade.Inference.Tests.Scheduling;

public sealed class BatchSizesTests
{
    private static readonly CostLine Proportional = new(0, 1);
    private static readonly CostLine MostlyFixed = new(10, 1);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(8, 8)]
    [InlineData(100, 8)]
    public void Send_EverySizeAllowed_AllUpToTheLargest(int waiting, int expected) =>
        Assert.Equal(expected, BatchSizes.UpTo(8).Send(waiting, MostlyFixed));

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 4)] // 4 rows at once cost 14, two runs of one row 22
    [InlineData(4, 4, 4)]
    [InlineData(5, 4, 4)] // 26 for sixteen rows, 14 + 11 for four and one
    [InlineData(9, 9, 16)] // 26 against 14 + 26
    [InlineData(40, 16, 16)]
    public void Send_RunsMostlyFixed_PadsWhereThatIsSooner(int waiting, int sent, int rows)
    {
        var sizes = BatchSizes.Only(16, 1, 4);

        Assert.Equal(sent, sizes.Send(waiting, MostlyFixed));
        Assert.Equal(rows, sizes.RowsFor(sent));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(9, 4)]
    [InlineData(16, 16)]
    public void Send_EveryRowCosts_FillsASizeInsteadOfPadding(int waiting, int expected) =>
        Assert.Equal(expected, BatchSizes.Only(1, 4, 16).Send(waiting, Proportional));

    [Theory]
    [InlineData(2, 1)]
    [InlineData(15, 4)]
    public void Send_CostUnknown_AvoidsPadding(int waiting, int expected) =>
        Assert.Equal(expected, BatchSizes.Only(1, 4, 16).Send(waiting, default));

    [Fact]
    public void Send_FewerThanTheSmallest_IsPadded()
    {
        Assert.Equal(3, BatchSizes.Only(8).Send(3, Proportional));
        Assert.Equal(8, BatchSizes.Only(8).RowsFor(3));
    }

    [Fact]
    public void AtMost_Limit_KeepsWhatFitsAndAlwaysTheSmallest()
    {
        Assert.Equal(4, BatchSizes.Only(4, 8, 16).AtMost(7).Maximum);
        Assert.Equal(8, BatchSizes.Only(4, 8, 16).AtMost(8).Maximum);
        Assert.Equal(4, BatchSizes.Only(4, 8, 16).AtMost(1).Maximum);
        Assert.Equal(1, BatchSizes.UpTo(16).AtMost(0).Maximum);
        Assert.Equal(16, BatchSizes.UpTo(16).AtMost(99).Maximum);
    }

    [Fact]
    public void Candidates_EverySizeAllowed_AreDoublings()
    {
        Assert.Equal([1, 2, 4, 8, 16], BatchSizes.UpTo(24).Candidates());
        Assert.Equal([3, 5], BatchSizes.Only(5, 3, 3).Candidates());
    }

    [Fact]
    public void RowsFor_MoreThanTheLargest_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => BatchSizes.Only(2, 4).RowsFor(5));
}
