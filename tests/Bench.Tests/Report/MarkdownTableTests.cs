using Saccade.Bench.Processes;
using Saccade.Bench.Report;

namespace Saccade.Bench.Tests.Report;

public sealed class MarkdownTableTests
{
    [Fact]
    public void Of_RowsAndHeader_IsATable() =>
        Assert.Equal(
            "| a | b |\n| --- | --- |\n| 1 | 2 |\n",
            MarkdownTable.Of(
                ["a", "b"],
                [
                    ["1", "2"],
                ]
            )
        );

    [Fact]
    public void Figure_OfNoNumber_IsADash() =>
        Assert.Equal(("1.25", "–", "12.3 %"), (Figure.Of(1.25, 2), Figure.Of(double.NaN, 2), Figure.Percent(0.123)));

    [Fact]
    public void Sum_OfAMetric_AddsItsSeriesAndNoOther()
    {
        const string Text = """
            # TYPE a_total counter
            a_total{x="}1"} 2 1700000000
            a_total 3.5
            a_total_other 100
            """;

        Assert.Equal(5.5, ServiceCounters.Sum(Text, "a_total"));
        Assert.True(double.IsNaN(ServiceCounters.Sum(Text, "b_total")));
    }
}
