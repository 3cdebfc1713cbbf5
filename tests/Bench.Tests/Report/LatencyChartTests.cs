using System.Globalization;
using System.Xml.Linq;
using Saccade.Bench.Report.Charts;

namespace Saccade.Bench.Tests.Report;

public sealed class LatencyChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Draw_OfTwoLines_PutsEveryPointInTheFrameFasterOnesLowerAndBusierOnesFurtherRight()
    {
        var image = XDocument.Parse(
            new LatencyChart("a & b", "x", "y").Draw([
                new("one", [new(10, 5, "1"), new(90, 50, "8")]),
                new("two", [new(40, 500)], Dashed: true),
            ])
        );

        var points = image.Descendants(Svg + "circle").Select(circle => (X: Number(circle, "cx"), Y: Number(circle, "cy"))).ToList();
        Assert.Equal(3, points.Count);
        Assert.All(points, point => Assert.True(point is { X: >= 0 and <= 720, Y: >= 0 and <= 440 }));
        Assert.True(points[0].X < points[2].X && points[2].X < points[1].X);
        Assert.True(points[0].Y > points[1].Y && points[1].Y > points[2].Y);
        var texts = image.Descendants(Svg + "text").Select(text => text.Value).ToList();
        Assert.Contains("a & b", texts);
        Assert.Contains("one", texts);
        Assert.Contains("8", texts);
    }

    [Fact]
    public void Draw_OfValuesThatAreNone_LeavesThemOut()
    {
        var image = XDocument.Parse(
            new LatencyChart("t", "x", "y").Draw([new("one", [new(double.NaN, 1), new(1, double.NaN), new(1, 0), new(2, 3)])])
        );

        Assert.Single(image.Descendants(Svg + "circle"));
    }

    [Fact]
    public void Draw_OfNothing_IsStillAImage() => Assert.NotNull(XDocument.Parse(new LatencyChart("t", "x", "y").Draw([])).Root);

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
