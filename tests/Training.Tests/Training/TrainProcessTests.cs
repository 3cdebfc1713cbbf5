using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Recipes;
using Xunit;

namespace Saccade.Training.Tests.Training;

/// <summary><c>train</c> as a process: fine-tuning, going on in every state that a run can be in, and what its help says.</summary>
public sealed class TrainProcessTests
{
    /// <summary>"Add --resume" and "there is no checkpoint" must not send anybody in a circle.</summary>
    [Fact]
    public async Task Train_ResumeBeforeAnything_StartsAndMayHaveMoreEpochsLater()
    {
        using TempFolder folder = new();
        WriteData(folder["data"]);
        RunDirectory run = new(folder["run"]);
        var command =
            $"train --arch googlenet-bn --width 0.125 --input 28 --batch 4 --threads 1 --data {folder["data"]} --out {run.Path} --resume";
        using (var started = ToolProcess.Start($"{command} --epochs 1"))
            Assert.Equal(0, (await ToolProcess.FinishAsync(started)).Code);
        File.Delete(run.CheckpointFile); // as if it had been stopped before its first
        using (var again = ToolProcess.Start($"{command} --epochs 1"))
        {
            var (code, output, _) = await ToolProcess.FinishAsync(again);
            Assert.Equal(0, code);
            Assert.Contains("holds no checkpoint yet: starting from the beginning", output, StringComparison.Ordinal);
        }

        using (var longer = ToolProcess.Start($"{command} --epochs 3 --tensorboard"))
        {
            var (code, output, errors) = await ToolProcess.FinishAsync(longer);
            Assert.True(code == 0, errors);
            Assert.Contains("1 -> 3 epochs: from step 3 the rate is that of a run of 3 epochs", output, StringComparison.Ordinal);
        }

        Assert.Equal(4, File.ReadLines(run.LogFile).Count());
        Assert.Equal([new RunExtension(1, 3)], run.ReadRecord().Extensions);
        Assert.Single(Directory.GetFiles(run.TensorBoardFolder));
        using var shorter = ToolProcess.Start($"{command} --epochs 2");
        Assert.Contains("more, not fewer", (await ToolProcess.FinishAsync(shorter)).Errors, StringComparison.Ordinal);
    }

    /// <summary>A small network learns from a larger one, is stopped, and finds its teacher again or says that it has changed.</summary>
    [Fact]
    public async Task Train_Teacher_IsRecordedAndFoundAgain()
    {
        using TempFolder folder = new();
        WriteData(folder["data"]);
        var common = $"--arch googlenet-bn --input 28 --batch 4 --threads 1 --no-aux --data {folder["data"]}";
        var teach = $"train {common} --width 0.25 --out {folder["teacher"]}";
        await Succeed($"{teach} --epochs 1");
        RunDirectory run = new(folder["run"]);
        // Of fewer images the mean is another; what the teacher knows pixels as stays.
        var learn = $"train {common} --width 0.125 --out {run.Path} --limit 8 --teacher {folder["teacher"]} --teacher-weight 0.8";

        Assert.Contains($"teacher: run '{folder["teacher"]}'", await Succeed($"{learn} --epochs 1"), StringComparison.Ordinal);
        await Succeed($"{learn} --epochs 2 --resume");

        var record = run.ReadRecord();
        Assert.Equal((folder["teacher"], "run"), (record.Teachers!.Single().Source, record.Teachers!.Single().Kind));
        Assert.Equal(new RunDirectory(folder["teacher"]).ReadRecord().Preprocessing.Mean, record.Preprocessing.Mean);
        Assert.Equal((0.8, 4), (record.Recipe.TeacherWeight, record.Recipe.TeacherTemperature));
        await Succeed($"{teach} --epochs 2 --resume");
        using (var changed = ToolProcess.Start($"{learn} --epochs 3 --resume"))
            Assert.Contains("not the teacher", (await ToolProcess.FinishAsync(changed)).Errors, StringComparison.Ordinal);
        using var larger = ToolProcess.Start(
            $"train {common.Replace("--input 28", "--input 32", StringComparison.Ordinal)} --teacher {folder["teacher"]} "
                + $"--out {folder["larger"]}"
        );
        Assert.Contains("expects other pixels", (await ToolProcess.FinishAsync(larger)).Errors, StringComparison.Ordinal);

        static async Task<string> Succeed(string command)
        {
            using var process = ToolProcess.Start(command);
            var (code, output, errors) = await ToolProcess.FinishAsync(process);
            Assert.True(code == 0, errors);
            return output;
        }
    }

    [Fact]
    public async Task Robustness_Run_PrintsATableAndDrawsTheFigure()
    {
        using TempFolder folder = new();
        WriteData(folder["data"]);
        using (
            var trained = ToolProcess.Start(
                $"train --arch googlenet-bn --width 0.125 --input 28 --batch 4 --threads 1 --epochs 1 --data {folder["data"]} --out "
                    + folder["run"]
            )
        )
            Assert.Equal(0, (await ToolProcess.FinishAsync(trained)).Code);
        using var measured = ToolProcess.Start(
            $"robustness --model {folder["run"]} --data {folder["data"]} --threads 1 --plot {folder["robustness.svg"]}"
        );

        var (code, output, errors) = await ToolProcess.FinishAsync(measured);

        Assert.True(code == 0, errors);
        Assert.DoesNotContain("NNPACK", errors, StringComparison.Ordinal); // on a machine where it cannot start, it would say so often
        Assert.Contains("| clean | jpeg | blur | noise | dark | bright |", output, StringComparison.Ordinal);
        Assert.Contains("/run, 1 |", output, StringComparison.Ordinal);
        Assert.Contains("polyline", await File.ReadAllTextAsync(folder["robustness.svg"]), StringComparison.Ordinal);
    }

    /// <summary>The source is needed until the first checkpoint, and no longer.</summary>
    [Fact]
    public async Task Train_InitFromARun_FineTunesAndResumesWithoutTheSource()
    {
        using TempFolder folder = new();
        WriteData(folder["data"]);
        using (
            var source = ToolProcess.Start(
                $"train --arch googlenet-bn --width 0.125 --input 28 --batch 4 --threads 1 --epochs 1 --data {folder["data"]} --out "
                    + folder["source"]
            )
        )
            Assert.Equal(0, (await ToolProcess.FinishAsync(source)).Code);
        File.WriteAllLines(folder["data", "labels.txt"], ["lion", "wolf"]);
        var command = $"train --init {folder["source"]} --data {folder["data"]} --out {folder["run"]} --threads 1 --epochs 1";
        using (var found = ToolProcess.Start($"{command} --lr-find"))
        {
            var (code, output, errors) = await ToolProcess.FinishAsync(found);
            Assert.True(code == 0, errors);
            Assert.Contains("try --lr", output, StringComparison.Ordinal);
            Assert.Equal([folder["run", "lr-find.svg"]], Directory.GetFiles(folder["run"]));
        }

        using (var tuned = ToolProcess.Start(command))
        {
            var (code, output, errors) = await ToolProcess.FinishAsync(tuned);
            Assert.True(code == 0, errors);
            Assert.Contains("head: 2 -> 2 classes, new weights [2, 128]", output, StringComparison.Ordinal);
            Assert.Contains("frozen for 3 epochs: backbone", output, StringComparison.Ordinal);
        }

        var record = new RunDirectory(folder["run"]).ReadRecord();
        Assert.Equal((NamedRecipes.FineTune, folder["source"]), (record.Recipe.Name, record.Init!.Source));
        Directory.Delete(folder["source"], recursive: true);
        using var longer = ToolProcess.Start($"train --resume --out {folder["run"]} --epochs 2");
        Assert.Equal(0, (await ToolProcess.FinishAsync(longer)).Code);
    }

    [Theory]
    [InlineData("train --epoch 3 --data d --out x", "There is no option '--epoch'. Did you mean --epochs?")]
    [InlineData("train --optimizer sgd --data d --out x", "There is no option '--optimizer'. Did you mean --optimiser?")]
    [InlineData("train --arch googlenet --schedule cosin --data d --out x", "Did you mean cosine?")]
    [InlineData("train --arch googlenet --recipe small --data d --out x", "Did you mean small-data?")]
    [InlineData("trian", "Did you mean train?")]
    public async Task Run_Mistyped_SaysWhatMayHaveBeenMeant(string arguments, string said)
    {
        using var process = ToolProcess.Start(arguments.Replace("--data d", "--data .", StringComparison.Ordinal));
        var (code, _, errors) = await ToolProcess.FinishAsync(process);

        Assert.Equal(1, code);
        Assert.Contains(said, Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_Help_ShowsWhatMostNeedAndHelpAllTheRest()
    {
        using var few = ToolProcess.Start("train --help");
        using var all = ToolProcess.Start("train --help-all");
        var (short_, long_) = (Options((await ToolProcess.FinishAsync(few)).Output), Options((await ToolProcess.FinishAsync(all)).Output));

        Assert.InRange(short_.Length, 20, 24);
        Assert.InRange(long_.Length, 70, 120);
        Assert.Empty(short_.Except(long_));
        Assert.Contains("--init", short_);
        Assert.DoesNotContain("--rms-decay", short_);
        Assert.Contains("--rms-decay", long_);

        static string[] Options(string help) =>
            [
                .. help.Split('\n')
                    .Select(line => line.Trim().Split(' ', '=')[0].TrimEnd(','))
                    .Where(word => word.StartsWith("--", StringComparison.Ordinal)),
            ];
    }

    private static void WriteData(string folder)
    {
        var images = new IdxFile([12, 28, 28], [.. Enumerable.Range(0, 12 * 784).Select(value => (byte)(value * 7))]);
        var labels = new IdxFile([12], [.. Enumerable.Range(0, 12).Select(value => (byte)(value % 2))]);
        IdxFolder.Write(folder, (images, labels), (images, labels), ["cat", "dog"], "The same images twice.");
    }
}
