using Saccade.Bench.Processes;
using Saccade.EndToEnd.Tests.Support;

namespace Saccade.EndToEnd.Tests.Monitoring;

public sealed class MonitoringFilesTests
{
    [ToolFact("promtool")]
    public async Task Configuration_AndAlerts_PassPromtool()
    {
        await PromtoolAsync("check", "config", Checkout.PathOf("deploy", "prometheus", "prometheus.yml"));
        await PromtoolAsync("check", "rules", Checkout.PathOf("deploy", "prometheus", "alerts.yml"));
    }

    [ToolFact("promtool")]
    public Task Alerts_OnSeriesMadeUp_FireWhenAndOnlyWhenTheyShould() =>
        PromtoolAsync("test", "rules", Checkout.PathOf("tests", "EndToEnd.Tests", "Monitoring", "alerts.test.yml"));

    [Fact]
    public void Dashboard_EveryPanel_ReadsTheProvisionedSource()
    {
        var source = Yaml.Load("deploy", "grafana", "provisioning", "datasources", "prometheus.yml").GetProperty("datasources")[0];

        Assert.NotEmpty(Dashboard.Panels);
        Assert.All(Dashboard.DataSources, uid => Assert.Equal(source.At("uid")?.GetString(), uid));
    }

    private static async Task PromtoolAsync(params string[] arguments)
    {
        var (exitCode, output) = await ChildProcess.RunAsync(Tools.Path("promtool"), arguments, TimeSpan.FromMinutes(1));
        Assert.True(exitCode == 0, output);
    }
}
