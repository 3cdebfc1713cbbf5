using System.Runtime.InteropServices;
using System.Text.Json;
using System.Xml.Linq;
using Saccade.Training.Checkpoints;
using Saccade.Training.Data;
using Xunit;

namespace Saccade.Training.Tests.Training;

/// <summary>The tool as a process: exit codes, one line of errors, and a signal in the middle of a run.</summary>
public sealed class CommandProcessTests
{
    [Theory]
    [InlineData("frob")]
    [InlineData("train --out x")]
    [InlineData("train --arch googlenet --data no-such-folder --out x")]
    [InlineData("train --arch googlenet --data d --out x --epochs many")]
    [InlineData("train --resume --out no-such-run")]
    [InlineData("data get cifar --out x")]
    [InlineData("data check")]
    [InlineData("data check no-such-folder")]
    [InlineData("data check --csv no-such-table.csv")]
    [InlineData("experiments none --data d --out x")]
    [InlineData("experiments polyak --out x")]
    [InlineData("experiments polyak --data d --out x --seeds 0")]
    [InlineData("evaluate --model no-such-model --data no-such-folder")]
    [InlineData("predict --model m --out x.jsonl")]
    [InlineData("predict no-such-folder --model m --out x.jsonl")]
    [InlineData("predict . --model m --out x.jsonl --shard 3/3")]
    [InlineData("predict merge x.jsonl no-such-part.jsonl")]
    public async Task Run_Mistake_IsOneLineOnStandardErrorAndNoSuccess(string arguments)
    {
        using var process = ToolProcess.Start(arguments);
        var (code, output, errors) = await ToolProcess.FinishAsync(process);

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("data")]
    [InlineData("data check")]
    [InlineData("data get")]
    [InlineData("data samples")]
    [InlineData("train")]
    [InlineData("experiments")]
    [InlineData("evaluate")]
    [InlineData("predict")]
    [InlineData("predict merge")]
    public async Task Run_Help_Succeeds(string command)
    {
        using var process = ToolProcess.Start($"{command} --help");
        var (code, output, errors) = await ToolProcess.FinishAsync(process);

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
            var process = ToolProcess.Start(
                $"train --arch googlenet-bn --width 0.125 --input 28 --batch 4 --epochs 1000 --threads 1 --data {folder["data"]} --out "
                    + $"{run.Path}"
            )
        )
        {
            await process.StandardOutput.ReadLineAsync(); // what is trained
            await process.StandardOutput.ReadLineAsync(); // the first epoch is over, the second has begun
            Assert.Equal(0, Kill(process.Id, Terminate));
            var (code, _, errors) = await ToolProcess.FinishAsync(process);
            Assert.Equal(130, code);
            Assert.Contains("--resume", errors, StringComparison.Ordinal);
        }

        run.WriteRecord(run.ReadRecord() with { Recipe = run.ReadRecord().Recipe with { Epochs = 1 } });
        using var resumed = ToolProcess.Start($"train --resume --out {run.Path}");
        Assert.Equal(0, (await ToolProcess.FinishAsync(resumed)).Code);
    }

    [Fact]
    public async Task Train_OnADeviceThatIsNotThere_IsOneLineThatSaysSo()
    {
        using TempFolder folder = new();
        WriteData(folder["data"]);
        using var process = ToolProcess.Start(
            $"train --arch googlenet-bn --width 0.125 --input 28 --batch 4 --epochs 1 --threads 1 --device cuda --data {folder["data"]} "
                + $"--out {folder["run"]}"
        );
        var (code, output, errors) = await ToolProcess.FinishAsync(process);

        if (TorchSharp.torch.cuda.is_available())
        {
            Assert.Equal(0, code);
            return;
        }

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(
            "--device cuda: libtorch finds no CUDA device",
            Assert.Single(errors.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal)),
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
        using var first = ToolProcess.Start(command);
        var (code, output, errors) = await ToolProcess.FinishAsync(first);

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

        using var second = ToolProcess.Start(command);
        var (again, quiet, _) = await ToolProcess.FinishAsync(second);
        Assert.Equal(0, again);
        Assert.DoesNotContain(quiet.Split('\n'), line => line.StartsWith("run ", StringComparison.Ordinal));

        using var other = ToolProcess.Start(command.Replace("--epochs 1", "--epochs 2", StringComparison.Ordinal));
        Assert.Equal(1, (await ToolProcess.FinishAsync(other)).Code);
    }

    private const int Terminate = 15;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private static void WriteData(string folder)
    {
        var images = new IdxFile([12, 28, 28], [.. Enumerable.Range(0, 12 * 784).Select(value => (byte)(value * 7))]);
        var labels = new IdxFile([12], [.. Enumerable.Range(0, 12).Select(value => (byte)(value % 2))]);
        IdxFolder.Write(folder, (images, labels), (images, labels), ["cat", "dog"], "The same images twice.");
    }
}
