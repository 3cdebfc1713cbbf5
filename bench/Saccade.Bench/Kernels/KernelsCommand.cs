using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Saccade.Bench.Processes;

namespace Saccade.Bench.Kernels;

/// <summary><c>kernels</c>: single functions of the engine under BenchmarkDotNet.</summary>
internal static class KernelsCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var filter = new Option<string>("--filter") { Description = "Which of them, by name pattern.", DefaultValueFactory = _ => "*" };
        var command = new Command("kernels", "Time and allocations of decode, resize, crop, softmax and queue, each alone.") { filter };
        command.SetAction(result => Run(result.GetRequiredValue(filter)));
        return command;
    }

    private static int Run(string filter)
    {
        // In process: the generated project of the default toolchain knows nothing of this checkout's central versions.
        var config = ManualConfig
            .Create(DefaultConfig.Instance)
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Checkout.PathOf("artifacts", "kernels"));
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(KernelsCommand).Assembly).Run(["--filter", filter], config);
        var failed = summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success));
        return failed || !summaries.Any() ? 1 : 0;
    }
}
