using FsCheck;
using FsCheck.Fluent;
using Saccade.Bench.Report.Charts;

namespace Saccade.Bench.Tests.Report;

public sealed class AxisTicksTests
{
    [Theory]
    [InlineData(97.3, new double[] { 0, 20, 40, 60, 80, 100 })]
    [InlineData(6, new double[] { 0, 1, 2, 3, 4, 5, 6 })]
    [InlineData(0, new double[] { 0, 1 })]
    [InlineData(double.NaN, new double[] { 0, 1 })]
    public void Linear_OfALargestValue_AreRound(double largest, double[] expected) => Assert.Equal(expected, AxisTicks.Linear(largest));

    [Theory]
    [InlineData(14, 760, new double[] { 10, 20, 50, 100, 200, 500, 1000 })]
    [InlineData(1, 1, new double[] { 1, 2 })]
    [InlineData(0.3, 0.4, new double[] { 0.2, 0.5 })]
    public void Logarithmic_OfTwoValues_EncloseThemTightly(double smallest, double largest, double[] expected)
    {
        var ticks = AxisTicks.Logarithmic(smallest, largest);

        Assert.Equal(expected.Length, ticks.Count);
        Assert.All(expected.Zip(ticks), pair => Assert.Equal(pair.First, pair.Second, 9));
    }

    [Fact]
    public void BothScales_OfAnyValues_EncloseThem() =>
        Prop.ForAll<int, int>(
                (a, b) =>
                {
                    var (low, high) = (
                        1e-3 * (1 + Math.Abs((double)Math.Min(a, b))),
                        1e-3 * (1 + Math.Abs((double)a) + Math.Abs((double)b))
                    );
                    (low, high) = (Math.Min(low, high), Math.Max(low, high));
                    var (rows, columns) = (AxisTicks.Logarithmic(low, high), AxisTicks.Linear(high));
                    return rows[0] <= low * (1 + 1e-9)
                        && rows[^1] >= high * (1 - 1e-9)
                        && rows.Count < 60
                        && columns[0] == 0
                        && columns[^1] >= high * (1 - 1e-9)
                        && columns.Count is > 1 and < 12;
                }
            )
            .QuickCheckThrowOnFailure();
}
