using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Service;

[Collection(PublishedServiceCollection.Name)]
public sealed class StartupTests(PublishedService published)
{
    [Fact]
    public async Task Start_SeveralBadOptions_FailsNamingEachOfThem()
    {
        var settings = PublishedService.SettingsOf(
            ("Models__Path", ""),
            ("Batching__MaxBatchSize", "0"),
            ("Execution__Sessions", "-1"),
            ("Limits__MaxBodyBytes", "3"),
            ("Shutdown__DrainTimeout", "00:00:00")
        );
        await using var process = ServiceProcess.Launch(published.Folder, settings);

        var exitCode = await process.WaitForExitAsync(TimeSpan.FromMinutes(1));

        Assert.NotEqual(0, exitCode);
        Assert.All(
            ["Models:Path", "Batching:MaxBatchSize", "Execution:Sessions", "MaxBodyBytes", "DrainTimeout"],
            key => Assert.Contains(key, process.Output, StringComparison.Ordinal)
        );
    }
}
