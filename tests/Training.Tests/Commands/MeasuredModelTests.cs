using System.Text.Json;
using Saccade.Inference.Bundles;
using Saccade.Training.Bundles;
using Saccade.Training.Checkpoints;
using Saccade.Training.Commands.Evaluate;
using Saccade.Training.Commands.Options;
using Saccade.Training.Evaluation;
using Saccade.Training.Loop;
using Saccade.Training.Recipes;
using Saccade.Training.Tests.Bundles;
using Saccade.Training.Tests.Training;
using Xunit;

namespace Saccade.Training.Tests.Commands;

public sealed class MeasuredModelTests : IDisposable
{
    private readonly TrainedRunFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>TorchSharp and the engine, each with code of its own, must give every image of a trained network the same
    /// class.</summary>
    [Fact]
    public async Task Run_RunAndItsBundle_GiveTheSameAnswers()
    {
        RunDirectory run = new(_folder.In("trained"));
        var record = TinyRun.Record(
            TinyRun.Recipe with
            {
                Epochs = 15,
                BatchSize = 12,
                Averaging = new() { Kind = AveragingKind.None },
            }
        );
        run.WriteRecord(record);
        using (Trainer trainer = new(record, TinyRun.Data, run, TimeProvider.System))
            Assert.True(trainer.Run());
        new RunExport(TrainedRun.Read(run), TimeProvider.System, _ => { }).Write(new BundleFolder(_folder.In("bundle")), data: null, []);

        foreach (var mode in new[] { CropMode.Single, CropMode.Crops10, CropMode.Crops144 })
        {
            var trained = (await MeasureAsync(run.Path, mode)).Scores;
            var exported = (await MeasureAsync(_folder.In("bundle"), mode)).Scores;

            Assert.Equal(TinyRun.Data.HeldOut.Count, trained.Images);
            Assert.Equal(Confusion(trained), Confusion(exported));
            Assert.True(Predicted(trained) > 1, "one answer for all would prove little");
        }
    }

    [Fact]
    public async Task Open_NeitherBundleNorRun_IsRefused() =>
        await Assert.ThrowsAsync<CommandException>(() => MeasuredModel.OpenAsync("no-such-model", threads: 1));

    [Fact]
    public async Task Open_RunWithoutWeights_IsRefused()
    {
        File.Delete(_folder.Run.WeightsFile);

        await Assert.ThrowsAsync<InvalidDataException>(() => MeasuredModel.OpenAsync(_folder.Run.Path, threads: 1));
    }

    [Fact]
    public async Task Measure_Cancelled_Stops()
    {
        await using var model = await MeasuredModel.OpenAsync(_folder.Run.Path, threads: 1);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            model.RunAsync(_folder.Data.HeldOut, CropMode.Single, _ => { }, new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public void Report_Scores_ComeOutAsTextAndAsJson()
    {
        Scores scores = new(4);
        scores.Add([1, 0, 0, 0], 0);
        scores.Add([1, 0, 0, 0], 1);
        Dictionary<string, EvaluationReport> reports = new()
        {
            ["10"] = new EvaluationReport(new(scores, crops: 10, macs: 2000, members: 1), 12.34),
        };

        var text = EvaluationReport.ToText(_folder.Data, macs: 100, reports);
        using var json = JsonDocument.Parse(EvaluationReport.ToJson(_folder.Data, macs: 100, reports));

        Assert.Contains("crops 10: top-1 50.00 %", text, StringComparison.Ordinal);
        Assert.Contains(
            "10.00 crops by 1.00 models, 0.0 M multiply-adds per image (13.9 % of 144 by all); 12 images/s",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("1 taken for zero", text, StringComparison.Ordinal);
        var ten = json.RootElement.GetProperty("crops").GetProperty("10");
        Assert.Equal(0.5, ten.GetProperty("top1").GetDouble());
        Assert.Equal((10, 2000), (ten.GetProperty("cropsUsed").GetDouble(), ten.GetProperty("macs").GetDouble()));
        Assert.Equal(0.5, ten.GetProperty("calibrationError").GetDouble());
        Assert.Equal(1, ten.GetProperty("confusion")[1][0].GetInt32());
        Assert.Equal([0.5, 0, 0, 0], ten.GetProperty("precision").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal([1, 1, 0, 0], ten.GetProperty("support").EnumerateArray().Select(value => value.GetInt32()));
        Assert.Equal(0.5, ten.GetProperty("macro").GetProperty("recall").GetDouble());
        Assert.Equal([1, 0, 0, 0], ten.GetProperty("perClass").EnumerateArray().Select(value => value.GetDouble()));
    }

    private static async Task<PlanMeasurement> MeasureAsync(string path, CropMode mode)
    {
        await using var model = await MeasuredModel.OpenAsync(path, threads: 1);
        var told = 0L;
        var measured = await model.RunAsync(TinyRun.Data.HeldOut, mode, images => told = images, CancellationToken.None);
        Assert.Equal(TinyRun.Data.HeldOut.Count, told);
        return measured;
    }

    private static int Predicted(Scores scores) =>
        Enumerable
            .Range(0, scores.Classes)
            .Count(predicted => Enumerable.Range(0, scores.Classes).Any(actual => scores.Confusion(actual, predicted) > 0));

    private static long[] Confusion(Scores scores) =>
        [
            .. Enumerable
                .Range(0, scores.Classes * scores.Classes)
                .Select(cell => scores.Confusion(cell / scores.Classes, cell % scores.Classes)),
        ];
}
