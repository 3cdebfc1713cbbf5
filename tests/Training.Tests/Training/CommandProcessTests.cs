using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Xml.Linq;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Saccade.Training.Recipes;
using Xunit;

namespace Saccade.Training.Tests.Training;

/// <summary>The tool as a process: exit codes, one line of errors, and a signal in the middle of a run.</summary>
public sealed class CommandProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("frob")]
    [InlineData("train --out x")]
    [InlineData("train --arch googlenet --data no-such-folder --out x")]
    [InlineData("train --arch googlenet --data d --out x --epochs many")]
    [InlineData("train --resume --out no-such-run")]
    [InlineData("data get cifar --out x")]
    [InlineData("experiments none --data d --out x")]
    [InlineData("experiments polyak --out x")]
    [InlineData("experiments polyak --data d --out x --seeds 0")]
    [InlineData("evaluate --model no-such-model --data no-such-folder")]
    public async Task Run_Mistake_IsOneLineOnStandardErrorAndNoSuccess(string arguments)
    {
        using var process = Start(arguments);
        var (code, output, errors) = await Finish(process);

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("data")]
    [InlineData("data get")]
    [InlineData("data samples")]
    [InlineData("train")]
    [InlineData("experiments")]
    [InlineData("evaluate")]
    public async Task Run_Help_Succeeds(string command)
    {
        using var process = Start($"{command} --help");
        var (code, output, errors) = await Finish(process);

        Assert.Equal(0, code);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Train_TerminatedAfterAnEpoch_LeavesACheckpointThatResumes()
    {
        using TempFolder folder = new();
        WriteData(folder["data"]);
        RunDirectory run = new(folder["run"]);
        using (
            var process = Start(
                $"train --arch googlenet-bn --width 0.125 --input 28 --batch 4 --epochs 1000 --threads 1 --data {folder["data"]} --out "
                    + $"{run.Path}"
            )
        )
        {
            await process.StandardOutput.ReadLineAsync(); // what is trained
            await process.StandardOutput.ReadLineAsync(); // the first epoch is over, the second has begun
            Assert.Equal(0, Kill(process.Id, Terminate));
            var (code, _, errors) = await Finish(process);
            Assert.Equal(130, code);
            Assert.Contains("--resume", errors, StringComparison.Ordinal);
        }

        run.WriteRecord(run.ReadRecord() with { Recipe = run.ReadRecord().Recipe with { Epochs = 1 } });
        using var resumed = Start($"train --resume --out {run.Path}");
        Assert.Equal(0, (await Finish(resumed)).Code);
    }

    /// <summary>"Add --resume" and "there is no checkpoint" must not send anybody in a circle.</summary>
    [Fact]
    public async Task Train_ResumeBeforeAnything_StartsAndMayHaveMoreEpochsLater()
    {
        using TempFolder folder = new();
        WriteData(folder["data"]);
        RunDirectory run = new(folder["run"]);
        var command =
            $"train --arch googlenet-bn --width 0.125 --input 28 --batch 4 --threads 1 --data {folder["data"]} --out {run.Path} --resume";
        using (var started = Start($"{command} --epochs 1"))
            Assert.Equal(0, (await Finish(started)).Code);
        File.Delete(run.CheckpointFile); // as if it had been stopped before its first
        using (var again = Start($"{command} --epochs 1"))
        {
            var (code, output, _) = await Finish(again);
            Assert.Equal(0, code);
            Assert.Contains("holds no checkpoint yet: starting from the beginning", output, StringComparison.Ordinal);
        }

        using (var longer = Start($"{command} --epochs 3 --tensorboard"))
        {
            var (code, output, errors) = await Finish(longer);
            Assert.True(code == 0, errors);
            Assert.Contains("1 -> 3 epochs: from step 3 the rate is that of a run of 3 epochs", output, StringComparison.Ordinal);
        }

        Assert.Equal(4, File.ReadLines(run.LogFile).Count());
        Assert.Equal([new RunExtension(1, 3)], run.ReadRecord().Extensions);
        Assert.Single(Directory.GetFiles(run.TensorBoardFolder));
        using var shorter = Start($"{command} --epochs 2");
        Assert.Contains("more, not fewer", (await Finish(shorter)).Errors, StringComparison.Ordinal);
    }

    /// <summary>The source is needed until the first checkpoint, and no longer.</summary>
    [Fact]
    public async Task Train_InitFromARun_FineTunesAndResumesWithoutTheSource()
    {
        using TempFolder folder = new();
        WriteData(folder["data"]);
        using (
            var source = Start(
                $"train --arch googlenet-bn --width 0.125 --input 28 --batch 4 --threads 1 --epochs 1 --data {folder["data"]} --out "
                    + folder["source"]
            )
        )
            Assert.Equal(0, (await Finish(source)).Code);
        File.WriteAllLines(folder["data", "labels.txt"], ["lion", "wolf"]);
        var command = $"train --init {folder["source"]} --data {folder["data"]} --out {folder["run"]} --threads 1 --epochs 1";
        using (var found = Start($"{command} --lr-find"))
        {
            var (code, output, errors) = await Finish(found);
            Assert.True(code == 0, errors);
            Assert.Contains("try --lr", output, StringComparison.Ordinal);
            Assert.Equal([folder["run", "lr-find.svg"]], Directory.GetFiles(folder["run"]));
        }

        using (var tuned = Start(command))
        {
            var (code, output, errors) = await Finish(tuned);
            Assert.True(code == 0, errors);
            Assert.Contains("head: 2 -> 2 classes, new weights [2, 128]", output, StringComparison.Ordinal);
            Assert.Contains("frozen for 3 epochs: backbone", output, StringComparison.Ordinal);
        }

        var record = new RunDirectory(folder["run"]).ReadRecord();
        Assert.Equal((NamedRecipes.FineTune, folder["source"]), (record.Recipe.Name, record.Init!.Source));
        Directory.Delete(folder["source"], recursive: true);
        using var longer = Start($"train --resume --out {folder["run"]} --epochs 2");
        Assert.Equal(0, (await Finish(longer)).Code);
    }

    [Theory]
    [InlineData("train --epoch 3 --data d --out x", "There is no option '--epoch'. Did you mean --epochs?")]
    [InlineData("train --optimizer sgd --data d --out x", "There is no option '--optimizer'. Did you mean --optimiser?")]
    [InlineData("train --arch googlenet --schedule cosin --data d --out x", "Did you mean cosine?")]
    [InlineData("train --arch googlenet --recipe small --data d --out x", "Did you mean small-data?")]
    [InlineData("trian", "Did you mean train?")]
    public async Task Run_Mistyped_SaysWhatMayHaveBeenMeant(string arguments, string said)
    {
        using var process = Start(arguments.Replace("--data d", "--data .", StringComparison.Ordinal));
        var (code, _, errors) = await Finish(process);

        Assert.Equal(1, code);
        Assert.Contains(said, Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_Help_ShowsWhatMostNeedAndHelpAllTheRest()
    {
        using var few = Start("train --help");
        using var all = Start("train --help-all");
        var (short_, long_) = (Options((await Finish(few)).Output), Options((await Finish(all)).Output));

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

    [Fact]
    public async Task Train_OnADeviceThatIsNotThere_IsOneLineThatSaysSo()
    {
        using TempFolder folder = new();
        WriteData(folder["data"]);
        using var process = Start(
            $"train --arch googlenet-bn --width 0.125 --input 28 --batch 4 --epochs 1 --threads 1 --device cuda --data {folder["data"]} "
                + $"--out {folder["run"]}"
        );
        var (code, output, errors) = await Finish(process);

        if (TorchSharp.torch.cuda.is_available())
        {
            Assert.Equal(0, code);
            return;
        }

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(
            "--device cuda: libtorch finds no CUDA device",
            Assert.Single(errors.TrimEnd().Split('\n')),
            StringComparison.Ordinal
        );
    }

    /// <summary>The whole command on a budget of seconds: it trains, reports, and the second time trains nothing.</summary>
    [Theory]
    [InlineData("polyak", 4, 3)]
    [InlineData("crops-models", 2, 1)]
    public async Task Experiments_TinyBudget_TrainsReportsAndTakesUp(string name, int runs, int variants)
    {
        using TempFolder folder = new();
        WriteData(folder["data"]);
        var command =
            $"experiments {name} --data {folder["data"]} --out {folder["out"]} --seeds 2 --epochs 1 --images 12 --width 0.125 "
            + "--crop-images 3";
        using var first = Start(command);
        var (code, output, errors) = await Finish(first);

        Assert.True(code == 0, errors);
        Assert.Equal(runs, output.Split('\n').Count(line => line.StartsWith("run ", StringComparison.Ordinal)));
        using (var json = JsonDocument.Parse(await File.ReadAllTextAsync(folder["out", "results.json"])))
        {
            Assert.Equal(variants, json.RootElement.GetProperty("variants").GetArrayLength());
            Assert.All(
                json.RootElement.GetProperty("variants").EnumerateArray(),
                variant => Assert.Equal(2, variant.GetProperty("runs").GetArrayLength())
            );
            Assert.Equal(
                name == "crops-models" ? 6 : 0,
                json.RootElement.GetProperty("crops") is { ValueKind: JsonValueKind.Array } crops ? crops.GetArrayLength() : 0
            );
        }

        Assert.Equal(
            variants,
            XDocument.Load(folder["out", "curves.svg"]).Descendants().Count(element => element.Name.LocalName == "polyline")
        );

        using var second = Start(command);
        var (again, quiet, _) = await Finish(second);
        Assert.Equal(0, again);
        Assert.DoesNotContain(quiet.Split('\n'), line => line.StartsWith("run ", StringComparison.Ordinal));

        using var other = Start(command.Replace("--epochs 1", "--epochs 2", StringComparison.Ordinal));
        Assert.Equal(1, (await Finish(other)).Code);
    }

    private const int Terminate = 15;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private static Process Start(string arguments) =>
        Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [typeof(Recipe).Assembly.Location, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    private static async Task<(int Code, string Output, string Errors)> Finish(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await errors);
    }

    private static void WriteData(string folder)
    {
        var images = new IdxFile([12, 28, 28], [.. Enumerable.Range(0, 12 * 784).Select(value => (byte)(value * 7))]);
        var labels = new IdxFile([12], [.. Enumerable.Range(0, 12).Select(value => (byte)(value % 2))]);
        IdxFolder.Write(folder, (images, labels), (images, labels), ["cat", "dog"], "The same images twice.");
    }
}
