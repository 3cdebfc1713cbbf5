using System.Text.Json;
using System.Xml.Linq;
using Saccade.Inference.Bundles;
using Saccade.Training.Experiments;
using Xunit;

namespace Saccade.Training.Tests.Experiments;

public sealed class ExperimentReportTests
{
    private static readonly IReadOnlyList<VariantResult> Results =
    [
        Result(0, [0.5, 0.6, 0.7], [0.5, 0.6, 0.8]),
        Result(1, [0.6, 0.7, 0.75], [0.5, 0.6, 0.85]),
    ];

    private static ExperimentReport Report => new(TinyExperiment.Make(), new(3, 12, 2, 1), "By hand.", Results);

    [Theory]
    [InlineData(new[] { 0.5 }, 0.5, null)]
    [InlineData(new[] { 0.5, 0.7 }, 0.6, 0.1414213562)]
    [InlineData(new[] { 1.0, 2, 3, 4 }, 2.5, 1.2909944487)]
    public void Spread_Values_HaveMeanAndSampleDeviation(double[] values, double mean, double? deviation)
    {
        var spread = Spread.Of(values);

        Assert.Equal((mean, values.Length), (Math.Round(spread.Mean, 10), spread.Count));
        Assert.Equal(deviation, spread.Deviation is { } some ? Math.Round(some, 10) : null);
    }

    [Fact]
    public void ToMarkdown_TwoVariants_HasARowForEachWithSpreadAndGain()
    {
        var rows = Report.ToMarkdown().Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).ToList();

        Assert.Equal(3, rows.Count);
        Assert.Equal("| plain | 50 % | 1,000 | 2.5 | 60.00 ± 0.00 % | 75.00 ± 7.07 % |  | 2 |", rows[1]);
        Assert.Equal("| uniform mean |  | 1,000 | 2.5 | 65.00 ± 7.07 % | 80.00 ± 7.07 % | +5.00 ± 0.00 % | 2 |", rows[2]);
    }

    [Fact]
    public void ToMarkdown_AsynchronousRuns_TellsTheirStaleness()
    {
        var stale = Results[1] with { Runs = [.. Results[1].Runs.Select(run => run with { StalenessMean = 2.5 })] };

        Assert.Contains(
            "| +5.00 ± 0.00 % | 2 | 2.5 |",
            (Report with { Results = [Results[0], stale] }).ToMarkdown(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ToJson_Report_HasEveryRunsCurve()
    {
        using var json = JsonDocument.Parse(Report.ToJson());
        var variants = json.RootElement.GetProperty("variants");

        Assert.Equal("tiny", json.RootElement.GetProperty("experiment").GetString());
        Assert.Equal(0.8, variants[1].GetProperty("top1").GetProperty("mean").GetDouble(), 1e-9);
        Assert.Equal(0.05, variants[1].GetProperty("overFirst").GetProperty("mean").GetDouble(), 1e-9);
        Assert.Equal(
            [0.5, 0.6, 0.85],
            variants[1].GetProperty("runs")[1].GetProperty("curve").EnumerateArray().Select(value => value.GetDouble())
        );
    }

    [Fact]
    public void Draw_TwoVariants_IsALineAndABandForEachWithinTheImage()
    {
        var svg = XDocument.Parse(SpreadCurves.Draw("Small & quick", Results)).Root!;
        var box = svg.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse).ToArray();

        var shapes = svg.Descendants().Where(element => element.Name.LocalName is "polyline" or "polygon").ToList();
        Assert.Equal(["polygon", "polyline", "polygon", "polyline"], shapes.Select(shape => shape.Name.LocalName));
        Assert.All(
            shapes.SelectMany(shape => shape.Attribute("points")!.Value.Split(' ')),
            point =>
            {
                var place = point
                    .Split(',')
                    .Select(value => double.Parse(value, System.Globalization.CultureInfo.InvariantCulture))
                    .ToArray();
                Assert.InRange(place[0], 0, box[2]);
                Assert.InRange(place[1], 0, box[3]);
            }
        );
        Assert.Contains(svg.Descendants(), element => element.Value == "Small & quick");
    }

    /// <summary>Two models that are each wrong once, and right together; by ten crops the second errs no more.</summary>
    [Fact]
    public void CropsTable_TwoModels_AveragesTheirProbabilities()
    {
        int[] labels = [0, 1];
        Dictionary<CropMode, float[]> one = new()
        {
            [CropMode.Single] = [0.4f, 0.6f, 0.1f, 0.9f],
            [CropMode.Crops10] = [0.4f, 0.6f, 0.1f, 0.9f],
        };
        Dictionary<CropMode, float[]> other = new()
        {
            [CropMode.Single] = [0.9f, 0.1f, 0.6f, 0.4f],
            [CropMode.Crops10] = [0.9f, 0.1f, 0.2f, 0.8f],
        };

        var table = CropsTable.Of(labels, 2, [one, other]);

        Assert.Equal(
            [(1, 1, 0.5), (1, 10, 0.75), (2, 1, 1.0), (2, 10, 1.0)],
            table.Cells.Select(cell => (cell.Models, cell.Crops, cell.Top1.Mean))
        );
        Assert.Contains("| 2 | 10 | 20 | 0.00 % | −50.00 |", (Report with { Crops = table }).ToMarkdown(), StringComparison.Ordinal);
    }

    private static VariantResult Result(int variant, params double[][] curves) =>
        new(
            TinyExperiment.Make().Variants[variant],
            "--arch x",
            1000,
            2_500_000,
            [.. curves.Select((curve, index) => new SeedResult(index + 1, curve, 1, null, 10))]
        );
}
