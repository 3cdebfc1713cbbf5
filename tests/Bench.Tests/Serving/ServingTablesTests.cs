using System.Xml.Linq;
using Saccade.Bench.Report;
using Saccade.Bench.Serving;

namespace Saccade.Bench.Tests.Serving;

public sealed class ServingTablesTests
{
    private static readonly Machine Machine = new("abc123", "2 cores");

    [Fact]
    public void Markdown_OfARun_HasOneTableForEachPartWithRowsOfOneLength()
    {
        var text = ServingTables.Markdown(Reports.Of(Reports.Round(), Reports.Round()), Machine, "the command");

        var tables = text.Split("\n\n").Where(part => part.StartsWith('|')).ToList();
        Assert.Equal(7, tables.Count);
        Assert.All(
            tables,
            table => Assert.Single(table.Trim().Split('\n').Select(row => row.Count(character => character == '|')).Distinct())
        );
        Assert.Contains("`the command` at abc123", text, StringComparison.Ordinal);
        Assert.Contains("left out: Node.js is not installed", text, StringComparison.Ordinal);
        Assert.Contains("200 × 429", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_OfABareRun_HasTargetsCeilingAndClosedLoop()
    {
        var bare = Reports.Round() with { Open = [], Overload = null, Empty = null, Also = [], Peers = [] };

        var text = ServingTables.Markdown(Reports.Of(bare), Machine, "the command");

        Assert.Equal(3, text.Split("\n\n").Count(part => part.StartsWith('|')));
    }

    [Fact]
    public void Closed_OfARun_HasALineForEachServerThatRan()
    {
        var image = XDocument.Parse(ServingPlots.Closed(Reports.Of(Reports.Round())));

        var texts = image.Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value).ToList();
        Assert.Contains(ServingReport.Own, texts);
        Assert.Contains("naive", texts);
        Assert.DoesNotContain("node", texts);
    }

    [Fact]
    public void Open_OfARun_HasEveryRateAtThreeRanksAndTheBound() =>
        Assert.Equal(
            4,
            XDocument
                .Parse(ServingPlots.Open(Reports.Of(Reports.Round())))
                .Descendants()
                .Count(element => element.Name.LocalName == "circle")
        );
}
