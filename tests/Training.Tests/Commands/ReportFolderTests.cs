using System.Xml.Linq;
using Saccade.Inference.Bundles;
using Saccade.Training.Commands.Evaluate;
using Saccade.Training.Data;
using Saccade.Training.Evaluation;
using Saccade.Training.Tests.Tuning;
using Xunit;

namespace Saccade.Training.Tests.Commands;

/// <summary>What <c>evaluate --report</c> leaves.</summary>
public sealed class ReportFolderTests : IDisposable
{
    private static readonly XNamespace Ns = "http://www.w3.org/2000/svg";

    private readonly ServedPair _pair = new();

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task Run_WithReport_WritesWhatWasPrinted()
    {
        var folder = _pair.Beside("report");
        EvaluationRun evaluation = new(_pair.In("first", "1"), _pair.Data, [CropMode.Single, CropMode.Crops10], threads: 1)
        {
            DataName = "colours",
            ReportPath = folder,
        };

        var printed = await evaluation.RunAsync(tune: false, json: false, CancellationToken.None);
        var report = await File.ReadAllTextAsync(Path.Combine(folder, "report.md"));

        Assert.Contains(Path.Combine(folder, "report.md"), printed, StringComparison.Ordinal);
        Assert.StartsWith("# How good first/1 is\n\n60 images of `colours`.", report, StringComparison.Ordinal);
        var top1 = printed.Split("crops 1: top-1 ")[1].Split(',')[0];
        Assert.Contains($"| 1 | {top1} |", report, StringComparison.Ordinal);
        Assert.Contains("\n| 10 | ", report, StringComparison.Ordinal);
        foreach (var picture in new[] { "confusion.svg", "reliability.svg", "mistakes.svg" })
        {
            Assert.Contains($"]({picture})", report, StringComparison.Ordinal);
            Assert.Equal(Ns + "svg", XDocument.Load(Path.Combine(folder, picture)).Root!.Name);
        }
    }

    [Fact]
    public void Write_Mistakes_AreThoseOfTheImages()
    {
        Scores scores = new(3);
        for (var image = 0; image < _pair.Data.HeldOut.Count; image++)
        {
            var label = _pair.Data.HeldOut.LabelOf(image);
            var answer = image is 7 or 20 ? (label + 1) % 3 : label;
            var probabilities = new float[3];
            probabilities[answer] = image == 20 ? 0.9f : 0.8f;
            scores.Add(probabilities, label);
        }

        var report = Write(scores);

        // Image 7 is green (7 mod 3 = 1) and was taken for blue; image 20 is blue and was taken for red.
        var table = report.Split("| image | class | taken for | confidence |\n|---|---|---|---|\n")[1];
        Assert.Equal("| number 20 | blue | red | 90.0 % |\n| number 7 | green | blue | 80.0 % |\n", table);
        var captions = XDocument.Load(_pair.Beside("report/mistakes.svg")).Descendants(Ns + "text").Select(text => text.Value.Trim());
        Assert.Equal(["blue", "→ red 90.0 %", "green", "→ blue 80.0 %"], captions);
        Assert.Contains("| green | 100.00 % | 95.00 % | 97.44 % | 20 | blue (1) |", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ConfusionMatrix_HasACellForEveryPairThatOccurs()
    {
        Scores scores = new(3);
        scores.Add([1, 0, 0], 0);
        scores.Add([0, 1, 0], 0);
        scores.Add([0, 1, 0], 1);

        var report = Write(scores, _pair.Data with { HeldOut = new Subset(_pair.Data.HeldOut, [0, 3, 1]) });

        var texts = XDocument.Load(_pair.Beside("report/confusion.svg")).Descendants(Ns + "text").Select(text => text.Value).ToArray();
        Assert.Equal(3, texts.Count(text => text == "1"));
        Assert.Equal(2, texts.Count(text => text == "green"));
        Assert.Contains("| red | green | 1 |", report, StringComparison.Ordinal);
        Assert.Contains("No images of 1 of the model's 3 classes: blue.", report, StringComparison.Ordinal);
        Assert.DoesNotContain("| blue |", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NoMistakes_RemovesTheSheetOfAnEarlierReport()
    {
        Scores wrong = new(3);
        wrong.Add([0, 1, 0], 0);
        Write(wrong);
        Assert.True(File.Exists(_pair.Beside("report/mistakes.svg")));
        Scores right = new(3);
        right.Add([1, 0, 0], 0);

        Assert.EndsWith("## Worst mistakes\n\nThere are none.\n", Write(right), StringComparison.Ordinal);

        Assert.False(File.Exists(_pair.Beside("report/mistakes.svg")));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Draw_AnyNumberOfClasses_IsAPictureOfBoundedSize(int classes)
    {
        Scores scores = new(classes);
        var random = new Random(3);
        for (var image = 0; image < 500; image++)
        {
            var probabilities = new float[classes];
            probabilities[random.Next(classes)] = 1;
            scores.Add(probabilities, image % classes);
        }

        var svg = XDocument.Parse(ConfusionPlot.Draw([.. Enumerable.Range(0, classes).Select(label => $"class <{label}>")], scores));

        var size = svg.Root!.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse).ToArray();
        Assert.InRange(size[2], 100, 1200);
    }

    private string Write(Scores scores, DataSet? data = null)
    {
        var folder = _pair.Beside("report");
        EvaluationReport measured = new(new(scores, crops: 1, macs: 1, members: 1), ImagesPerSecond: null);
        ReportFolder.Write(folder, "m", "d", data ?? _pair.Data, new Dictionary<string, EvaluationReport> { ["1"] = measured });
        return File.ReadAllText(ReportFolder.FileIn(folder));
    }
}
