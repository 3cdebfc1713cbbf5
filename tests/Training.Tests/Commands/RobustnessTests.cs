using System.Xml.Linq;
using Saccade.Training.Commands.Evaluate;
using Saccade.Training.Evaluation;
using Xunit;

namespace Saccade.Training.Tests.Commands;

public sealed class RobustnessTests
{
    private static readonly RobustnessRow[] Rows =
    [
        new("cifar10-googlenet/1, auto", [new(RobustnessRow.Clean, Scores(right: 3, wrong: 1)), new("blur", Scores(right: 1, wrong: 3))]),
        new("a & b, 1", [new(RobustnessRow.Clean, Scores(right: 2, wrong: 0)), new("blur", Scores(right: 0, wrong: 2))]),
    ];

    [Fact]
    public void Table_Rows_HaveAccuracyAndCalibrationErrorOfEachCorruption()
    {
        var lines = RobustnessRow.Table(Rows).Split('\n');

        Assert.Equal(
            [
                "| top-1 (expected calibration error) | clean | blur |",
                "| --- | --- | --- |",
                "| cifar10-googlenet/1, auto | 75.00 % (15.0 %) | 25.00 % (65.0 %) |",
                "| a & b, 1 | 100.00 % (10.0 %) | 0.00 % (90.0 %) |",
            ],
            lines
        );
    }

    [Fact]
    public void Draw_Rows_HasALineForEachOnBothSides()
    {
        var svg = XDocument.Parse(RobustnessPlot.Draw(Rows));

        var lines = svg.Descendants().Where(element => element.Name.LocalName == "polyline").ToArray();
        Assert.Equal(2 * Rows.Length, lines.Length);
        Assert.Contains(svg.Descendants(), element => element.Value == "a & b, 1");
        double[] heights = [.. Points(lines[0]).Select(point => point[1])];
        Assert.True(heights[0] < heights[1]); // less is right of blurred images; SVG counts from above
        Assert.Single(Points(lines[1])); // one confidence, half of them right: all kinds together
    }

    private static double[][] Points(XElement line) =>
        [
            .. line.Attribute("points")!
                .Value.Split(' ')
                .Select(point =>
                    point.Split(',').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToArray()
                ),
        ];

    /// <summary>Answers with 90 % each.</summary>
    private static Scores Scores(int right, int wrong)
    {
        Scores scores = new(2);
        for (var i = 0; i < right + wrong; i++)
            scores.Add([0.9f, 0.1f], i < right ? 0 : 1);
        return scores;
    }
}
